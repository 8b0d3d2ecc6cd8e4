package dev.tiphys.controllers.autoscaling;

import dev.tiphys.object.Struct;

/// The size that one metric asks for.
///
/// @param metric the metric, as messages name it
/// @param status what was read, for the autoscaler's `status.currentMetrics`
record Proposal(long replicas, String metric, Struct status) {}
