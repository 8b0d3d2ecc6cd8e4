package dev.tiphys.monitoring.config;

import dev.tiphys.object.Struct;
import java.nio.file.Path;

/// What a Prometheus sees the cluster with. Files are named from the directory that it works in.
///
/// @param apiServer where it is: `https://host:port`
/// @param authority a file with the certificates of what vouches for it
/// @param token a file with a token that is kept fresh
public record ClusterAccess(String apiServer, Path authority, Path token) {

  /// Who asks, as settings of clients have it.
  public Struct authorization() {
    return Struct.of("credentials_file", token.toString());
  }

  /// Which servers are believed, as settings of clients have it.
  public Struct tls() {
    return Struct.of("ca_file", authority.toString());
  }
}
