package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.config.ClusterAccess;
import dev.tiphys.monitoring.discovery.TargetFiles;
import dev.tiphys.monitoring.server.ServerTools;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// What the keeping of Prometheus servers needs.
///
/// @param servers what the keeping of any server needs
/// @param clusterJobs what the default one scrapes besides, of the cluster itself
/// @param alertmanagers where the default one sends alerts: `host:port`
public record PrometheusTools(
    ServerTools servers,
    PrometheusProgram program,
    TargetFiles targets,
    Verdicts verdicts,
    Function<ClusterAccess, List<Struct>> clusterJobs,
    Supplier<List<String>> alertmanagers) {}
