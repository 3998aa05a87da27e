"""Compact operator forms, one family a file; `derive.recognise` is the way in."""
