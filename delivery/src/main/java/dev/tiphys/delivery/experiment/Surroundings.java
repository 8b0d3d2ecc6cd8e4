package dev.tiphys.delivery.experiment;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.world.World;

/// What all looks at Experiments share.
///
/// @param setsByOwner ReplicaSets, by the uid of what manages them
/// @param servicesByOwner Services, by the uid of what manages them
/// @param runs all AnalysisRuns
record Surroundings(
    World world,
    Api api,
    EventRecorder events,
    ObjectIndex setsByOwner,
    ObjectIndex servicesByOwner,
    Informer runs) {}
