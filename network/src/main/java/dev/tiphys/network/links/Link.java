package dev.tiphys.network.links;

import org.jspecify.annotations.Nullable;

/// A network interface.
///
/// @param mtu the largest packet that it takes, in bytes
/// @param tunnel what it is if it is a VXLAN, null otherwise
public record Link(int index, String name, int mtu, @Nullable Vxlan tunnel) {}
