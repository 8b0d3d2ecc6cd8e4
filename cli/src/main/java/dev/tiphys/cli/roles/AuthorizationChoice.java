package dev.tiphys.cli.roles;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.authorization.config.AuthorizationConfiguration;
import dev.tiphys.cli.machine.CliException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How an API server authorizes requests.
///
/// @param configuration its authorizers
/// @param file where they stand, to be followed; null if they stand in no file
public record AuthorizationChoice(AuthorizationConfiguration configuration, @Nullable Path file) {

  void applyTo(ApiServer server) {
    try {
      server.authorizeBy(configuration);
    } catch (IOException | IllegalArgumentException e) {
      throw new CliException(
          "cannot authorize requests in the modes that are asked for: " + e.getMessage(), e);
    }
    if (file != null) {
      server.followAuthorization(file);
    }
  }
}
