package dev.tiphys.monitoring.server;

import dev.tiphys.object.api.ObjectKey;
import java.nio.file.Path;

/// Where Prometheus servers live, and how they see the cluster.
///
/// @param directory under which each has its own
/// @param apiServer where the API server is: `https://host:port`
/// @param authorities what vouches for it, as PEM
/// @param machine what this machine is called, to tell several servers of a Service apart
public record Place(Path directory, String apiServer, String authorities, String machine) {

  /// The directory of a Prometheus.
  public Path of(ObjectKey prometheus) {
    return directory.resolve(prometheus.namespace()).resolve(prometheus.name());
  }
}
