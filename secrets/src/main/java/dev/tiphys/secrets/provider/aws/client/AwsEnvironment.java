package dev.tiphys.secrets.provider.aws.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// What the process that asks AWS was given.
///
/// @param variables as those of AWS's own libraries
/// @param home where `.aws` may be
/// @param patience how long one answer may take
public record AwsEnvironment(Map<String, String> variables, Path home, Duration patience) {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  public AwsEnvironment {
    variables = Map.copyOf(variables);
  }

  /// That of this process.
  public static AwsEnvironment ofProcess() {
    return new AwsEnvironment(
        System.getenv(), Path.of(System.getProperty("user.home", "/")), PATIENCE);
  }

  /// A variable; empty if it is not set.
  public String variable(String name) {
    return variables.getOrDefault(name, "");
  }

  /// Without the variables, which may hold secrets.
  @Override
  public String toString() {
    return "home " + home;
  }
}
