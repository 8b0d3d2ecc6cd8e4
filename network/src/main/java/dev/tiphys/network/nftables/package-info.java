/// Tables, chains, rules and sets of nftables, written to the kernel without a program between.
///
/// The layout of messages is that of the kernel's header `linux/netfilter/nf_tables.h`.
package dev.tiphys.network.nftables;
