# ./demo: shell and Python, run from the source folder.
EXTRA_DIST += demo %D%/demo.py %D%/clients.py %D%/kept.py %D%/pair.py %D%/report.py %D%/screen.py
