package dev.tiphys.network.nftables;

/// A table of nftables: all of one program's rules for a family.
///
/// @param name at most 31 bytes are shown everywhere
public record Table(Family family, String name) {}
