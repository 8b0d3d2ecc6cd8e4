package dev.tiphys.cli.options;

import dev.tiphys.apiserver.authorization.config.AuthorizationConfiguration;
import dev.tiphys.apiserver.authorization.webhook.WebhookSettings;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.roles.AuthorizationChoice;
import dev.tiphys.object.GoDuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How requests are authorized, with upstream's words for it.
public final class AuthorizationOptions {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /// Of what no mode asks for.
  private static final Path NONE = Path.of("/");

  @Option(
      names = "--authorization-mode",
      paramLabel = "MODE",
      split = ",",
      description =
          "The authorizers, in the order in which they are asked: ABAC, AlwaysAllow, AlwaysDeny, Node, RBAC, Webhook."
              + " Default: Node,RBAC.")
  private List<String> modes = List.of();

  @Option(
      names = "--authorization-policy-file",
      paramLabel = "FILE",
      description = "The rights of the mode ABAC, a JSON object a line.")
  private @Nullable Path policies;

  @Option(
      names = "--authorization-config",
      paramLabel = "FILE",
      description =
          "A file with an AuthorizationConfiguration; its changes count while the server runs.")
  private @Nullable Path file;

  @Option(
      names = "--authorization-webhook-config-file",
      paramLabel = "FILE",
      description = "The kubeconfig by which the webhook of the mode Webhook is reached.")
  private @Nullable Path webhook;

  @Option(
      names = "--authorization-webhook-version",
      paramLabel = "VERSION",
      description = "Of the review that the webhook is sent. Default: ${DEFAULT-VALUE}.")
  private String version = "v1beta1";

  @Option(
      names = "--authorization-webhook-cache-authorized-ttl",
      paramLabel = "SPAN",
      description =
          "How long it is remembered that the webhook allows something. Default: ${DEFAULT-VALUE}.")
  private String authorized = "5m0s";

  @Option(
      names = "--authorization-webhook-cache-unauthorized-ttl",
      paramLabel = "SPAN",
      description =
          "How long it is remembered that the webhook does not. Default: ${DEFAULT-VALUE}.")
  private String unauthorized = "30s";

  /// @throws CliException if it does not go together, or a file can't be used
  public AuthorizationChoice choice() {
    try {
      return file == null ? ofModes() : ofFile(file);
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()), e);
    }
  }

  private AuthorizationChoice ofFile(Path named) {
    if (!modes.isEmpty() || webhook != null || policies != null) {
      throw new CliException(
          "--authorization-config cannot be specified when --authorization-mode or"
              + " --authorization-webhook-* flags are specified");
    }
    return new AuthorizationChoice(AuthorizationConfiguration.read(named), named);
  }

  private AuthorizationChoice ofModes() {
    if (Set.copyOf(modes).size() < modes.size()) {
      throw new CliException(
          "authorization-mode %s has mode specified more than once".formatted(modes));
    }
    boolean reads = modes.contains("ABAC");
    if (reads != (policies != null)) {
      throw new CliException(
          reads
              ? "authorization-mode ABAC's authorization policy file not passed"
              : "cannot specify --authorization-policy-file without mode ABAC");
    }
    boolean asks = modes.contains("Webhook");
    if (asks != (webhook != null)) {
      throw new CliException(
          asks
              ? "authorization-mode Webhook's authorization config file not passed"
              : "cannot specify --authorization-webhook-config-file without mode Webhook");
    }
    return new AuthorizationChoice(
        modes.isEmpty()
            ? AuthorizationConfiguration.DEFAULT
            : AuthorizationConfiguration.ofModes(
                modes, policies == null ? NONE : policies, settings()),
        null);
  }

  private WebhookSettings settings() {
    return new WebhookSettings(
        webhook == null ? NONE : webhook,
        version,
        TIMEOUT,
        GoDuration.parse(authorized),
        GoDuration.parse(unauthorized),
        false,
        List.of());
  }
}
