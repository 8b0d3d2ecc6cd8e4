package dev.tiphys.network.router.streams;

import dev.tiphys.network.router.table.Split;

/// Where connections go.
///
/// @param split which backend one goes to; without any weight they are closed
/// @param terminates whether TLS ends here, and the backend is spoken to without it
public record StreamRoute(Split split, boolean terminates) {}
