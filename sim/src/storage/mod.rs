//! Storage: sparse copy-on-write bytes, partition tables, LUNs, arrays and hosts. Knows no VSS.
