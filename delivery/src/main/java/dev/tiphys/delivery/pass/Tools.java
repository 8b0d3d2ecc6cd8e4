package dev.tiphys.delivery.pass;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.world.World;

/// What all looks share.
///
/// @param services all Services
/// @param rollouts all Rollouts
/// @param analysisRuns all AnalysisRuns
/// @param runsByOwner AnalysisRuns, by the uid of what manages them
/// @param experiments all Experiments
/// @param experimentsByOwner Experiments, by the uid of what manages them
public record Tools(
    World world,
    Api api,
    EventRecorder events,
    Informer services,
    Informer rollouts,
    Informer analysisRuns,
    ObjectIndex runsByOwner,
    Informer experiments,
    ObjectIndex experimentsByOwner) {}
