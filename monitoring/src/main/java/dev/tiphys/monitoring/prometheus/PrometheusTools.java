package dev.tiphys.monitoring.prometheus;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.monitoring.config.ClusterAccess;
import dev.tiphys.monitoring.discovery.TargetFiles;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// What the keeping of Prometheus servers needs.
///
/// @param clusterJobs what the default one scrapes besides, of the cluster itself
/// @param alertmanagers where the default one sends alerts: `host:port`
public record PrometheusTools(
    World world,
    Api api,
    Objects objects,
    PrometheusProgram program,
    Place place,
    TargetFiles targets,
    Verdicts verdicts,
    EventRecorder events,
    Function<ClusterAccess, List<Struct>> clusterJobs,
    Supplier<List<String>> alertmanagers) {}
