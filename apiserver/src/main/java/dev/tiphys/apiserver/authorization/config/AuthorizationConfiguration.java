package dev.tiphys.apiserver.authorization.config;

import dev.tiphys.apiserver.authorization.webhook.WebhookSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Which authorizers there are, in the order in which they are asked.
public record AuthorizationConfiguration(List<Configured> authorizers) {

  /// What a server does that is told nothing else.
  public static final AuthorizationConfiguration DEFAULT =
      new AuthorizationConfiguration(List.of(new Configured.Node(), new Configured.Rbac()));

  /// One authorizer.
  public sealed interface Configured {
    /// Everything is allowed.
    record AlwaysAllow() implements Configured {}

    /// Nothing is allowed.
    record AlwaysDeny() implements Configured {}

    record Node() implements Configured {}

    record Rbac() implements Configured {}

    /// The rights in a file.
    record Abac(Path policies) implements Configured {}

    record Webhook(WebhookSettings settings) implements Configured {}
  }

  public AuthorizationConfiguration {
    authorizers = List.copyOf(authorizers);
  }

  /// Reads a file in upstream's form, of group `apiserver.config.k8s.io`.
  ///
  /// @throws IllegalArgumentException if it can't be used; the message says why
  public static AuthorizationConfiguration read(Path file) {
    Struct tree;
    try {
      tree = Yaml.struct(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException | EncodingException e) {
      throw new IllegalArgumentException(
          "failed to load AuthorizationConfiguration from file: " + e.getMessage(), e);
    }
    return ConfigurationReader.read(tree);
  }

  /// The modes of `--authorization-mode`.
  ///
  /// @param policies the file of the mode ABAC
  /// @param webhook how a webhook is asked
  /// @throws IllegalArgumentException if there is no such mode
  public static AuthorizationConfiguration ofModes(
      List<String> modes, Path policies, WebhookSettings webhook) {
    return new AuthorizationConfiguration(
        modes.stream()
            .map(
                mode ->
                    mode.equals("ABAC") ? new Configured.Abac(policies) : configured(mode, webhook))
            .toList());
  }

  /// A mode that a configuration file may name too.
  static Configured configured(String mode, WebhookSettings webhook) {
    return switch (mode) {
      case "AlwaysAllow" -> new Configured.AlwaysAllow();
      case "AlwaysDeny" -> new Configured.AlwaysDeny();
      case "Node" -> new Configured.Node();
      case "RBAC" -> new Configured.Rbac();
      case "Webhook" -> new Configured.Webhook(webhook);
      default ->
          throw new IllegalArgumentException(
              "authorization-mode \"" + mode + "\" is not a valid mode");
    };
  }

  /// The types of authorizers that are no webhooks.
  Set<Class<?>> types() {
    return authorizers.stream()
        .filter(each -> !(each instanceof Configured.Webhook))
        .map(Object::getClass)
        .collect(Collectors.toSet());
  }
}
