package dev.tiphys.delivery.traffic;

import dev.tiphys.delivery.pass.Pass;

/// What a router is made for.
///
/// @param pass the look
/// @param canaryService the Service of the canary; with two that take turns, the one whose turn it
///   is
/// @param stableService the Service of the stable version
public record Routing(Pass pass, String canaryService, String stableService) {}
