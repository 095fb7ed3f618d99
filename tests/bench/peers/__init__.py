"""The same transition written as others would write it: only to be measured."""
