# Recorded Kea traffic, and the library held against it.
EXTRA_DIST += \
	%D%/README.md \
	%D%/pack.py \
	%D%/kea-2.2.0-dhcp4.jsonl \
	%D%/kea-2.2.0-dhcp6.jsonl \
	%D%/kea-2.6.3-dhcp4.jsonl \
	%D%/kea-2.6.3-dhcp6.jsonl \
	%D%/kea-3.0.4-dhcp4.jsonl \
	%D%/kea-3.0.4-dhcp6.jsonl \
	%D%/kea-mixed-dhcp4.jsonl \
	%D%/kea-mixed-dhcp6.jsonl
