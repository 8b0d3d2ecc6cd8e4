package dev.tiphys.secrets.provider.aws.credentials;

import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.client.AwsEnvironment;
import dev.tiphys.secrets.provider.aws.client.Calls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The credentials of this process, for settings that name none: those of its variables, of a token
/// that it was given, of its files, of its container, of its machine, whichever there are first.
final class DefaultChain implements Source {

  private final Calls calls;
  private final AwsEnvironment environment;
  private final Roles roles;

  DefaultChain(Calls calls, Roles roles) {
    this.calls = calls;
    this.environment = calls.environment();
    this.roles = roles;
  }

  @Override
  public Keys fetch() throws InterruptedException {
    String accessKey = environment.variable("AWS_ACCESS_KEY_ID");
    String secretKey = environment.variable("AWS_SECRET_ACCESS_KEY");
    if (!accessKey.isEmpty() && !secretKey.isEmpty()) {
      return Keys.lasting(accessKey, secretKey, environment.variable("AWS_SESSION_TOKEN"));
    }
    String tokenFile = environment.variable("AWS_WEB_IDENTITY_TOKEN_FILE");
    boolean named = !environment.variable("AWS_PROFILE").isEmpty();
    if (!tokenFile.isEmpty() && !named) {
      return roles
          .ofToken(
              environment.variable("AWS_ROLE_ARN"),
              environment.variable("AWS_ROLE_SESSION_NAME"),
              () -> content(tokenFile))
          .fetch();
    }
    SharedFiles files = SharedFiles.read(calls, roles);
    for (Source each : List.of(files, new ContainerKeys(calls), new MachineKeys(calls))) {
      try {
        return each.fetch();
      } catch (NoneHereException e) {
        // the next one may have some
      }
    }
    throw new StoreException(
        "failed to retrieve credentials: neither environment, web identity, shared files,"
            + " container nor instance metadata have any");
  }

  /// A file's text without the line's end.
  ///
  /// @throws StoreException if it can't be read
  static String content(String file) {
    try {
      return Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new StoreException("failed to retrieve credentials: unable to read file at " + file);
    }
  }

  /// A source is not there, as is usual.
  static final class NoneHereException extends StoreException {
    private static final long serialVersionUID = 1;

    NoneHereException() {
      super("no credentials here");
    }
  }
}
