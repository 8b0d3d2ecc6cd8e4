package dev.tiphys.apiserver.authorization.config;

import dev.tiphys.apiserver.authorization.config.AuthorizationConfiguration.Configured;
import dev.tiphys.apiserver.authorization.webhook.MatchConditions;
import dev.tiphys.apiserver.authorization.webhook.WebhookSettings;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldError.Type;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.GoText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads an AuthorizationConfiguration and says what is wrong with it.
final class ConfigurationReader {

  private static final String GROUP = "apiserver.config.k8s.io/";
  private static final Set<String> VERSIONS = Set.of("v1", "v1beta1", "v1alpha1");
  private static final List<String> TYPES =
      List.of("AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook");
  private static final Duration AUTHORIZED = Duration.ofMinutes(5);
  private static final Duration UNAUTHORIZED = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int MOST_CONDITIONS = 64;
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private final FieldErrors errors = new FieldErrors();
  private final List<String> mismatches = new ArrayList<>();

  private ConfigurationReader() {}

  /// @throws IllegalArgumentException if it can't be used; the message says why
  static AuthorizationConfiguration read(Struct tree) {
    String version = tree.string("apiVersion");
    boolean known =
        version.startsWith(GROUP)
            && VERSIONS.contains(version.substring(GROUP.length()))
            && tree.string("kind").equals("AuthorizationConfiguration");
    if (!known) {
      throw new IllegalArgumentException(
          "failed to load AuthorizationConfiguration from file: no kind "
              + GoText.quoted(tree.string("kind"))
              + " is registered for version "
              + GoText.quoted(version));
    }
    ConfigurationReader reader = new ConfigurationReader();
    List<Configured> authorizers = reader.authorizers(tree);
    if (!reader.errors.isEmpty()) {
      throw new IllegalArgumentException(reader.errors.message());
    }
    if (!reader.mismatches.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", reader.mismatches));
    }
    return new AuthorizationConfiguration(authorizers);
  }

  private List<Configured> authorizers(Struct tree) {
    List<Struct> all = tree.structs("authorizers");
    if (all.isEmpty()) {
      require("authorizers", "at least one authorization mode must be defined");
    }
    Set<String> types = new HashSet<>();
    Set<String> names = new HashSet<>();
    List<Configured> read = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Struct entry = all.get(i);
      String path = "authorizers[" + i + "]";
      String type = entry.string("type");
      boolean known = checkType(path + ".type", type, types);
      checkName(path + ".name", type, entry.string("name"), names);
      WebhookSettings webhook = null;
      if (type.equals("Webhook")) {
        if (entry.has("webhook")) {
          webhook = webhook(path + ".webhook", entry.struct("webhook"));
        } else {
          require(path + ".webhook", "required when type=Webhook");
        }
      } else if (entry.has("webhook")) {
        invalid(path + ".webhook", "non-null", "may only be specified when type=Webhook");
      }
      if (known && (webhook != null || !type.equals("Webhook"))) {
        read.add(
            webhook == null
                ? AuthorizationConfiguration.configured(type, UNUSED)
                : new Configured.Webhook(webhook));
      }
    }
    return read;
  }

  private static final WebhookSettings UNUSED =
      new WebhookSettings(Path.of("/"), "v1", LONGEST, AUTHORIZED, UNAUTHORIZED, false, List.of());

  private boolean checkType(String path, String type, Set<String> seen) {
    if (type.isEmpty()) {
      require(path, "");
      return false;
    }
    if (!TYPES.contains(type)) {
      unsupported(path, type, TYPES);
      return false;
    }
    if (!seen.add(type) && !type.equals("Webhook")) {
      errors.add(new FieldError(Type.DUPLICATE, path, GoText.quoted(type), ""));
    }
    return true;
  }

  private void checkName(String path, String type, String name, Set<String> seen) {
    if (name.isEmpty()) {
      require(path, "");
      return;
    }
    if (!seen.add(name)) {
      errors.add(new FieldError(Type.DUPLICATE, path, GoText.quoted(name), ""));
    }
    if (!SUBDOMAIN.matcher(name).matches()) {
      invalid(
          path,
          name,
          "authorizer name is invalid: a lowercase RFC 1123 subdomain must consist of lower case"
              + " alphanumeric characters, '-' or '.', and must start and end with an alphanumeric"
              + " character (e.g. 'example.com', regex used for validation is"
              + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }
    String expected = type.toLowerCase(Locale.ROOT);
    if (TYPES.contains(type) && !type.equals("Webhook") && !name.equals(expected)) {
      mismatches.add(
          "expected name " + expected + " for authorizer " + type + " instead of " + name);
    }
  }

  private WebhookSettings webhook(String path, Struct webhook) {
    Duration timeout = span(path + ".timeout", webhook.string("timeout"), Duration.ZERO);
    if (timeout.isZero()) {
      require(path + ".timeout", "");
    } else if (timeout.isNegative() || timeout.compareTo(LONGEST) > 0) {
      invalid(path + ".timeout", GoDuration.text(timeout), "must be > 0s and <= 30s");
    }
    Duration authorized = life(path + ".authorizedTTL", webhook, "authorizedTTL", AUTHORIZED);
    Duration unauthorized =
        life(path + ".unauthorizedTTL", webhook, "unauthorizedTTL", UNAUTHORIZED);
    String version = webhook.string("subjectAccessReviewVersion");
    checkChoice(path + ".subjectAccessReviewVersion", version, List.of("v1", "v1beta1"));
    List<String> conditions = conditions(path, webhook);
    String policy = webhook.string("failurePolicy");
    checkChoice(path + ".failurePolicy", policy, List.of("NoOpinion", "Deny"));
    Path kubeconfig = connection(path + ".connectionInfo", webhook.struct("connectionInfo"));
    return new WebhookSettings(
        kubeconfig,
        version,
        timeout,
        isOff(webhook, "cacheAuthorizedRequests") ? Duration.ZERO : authorized,
        isOff(webhook, "cacheUnauthorizedRequests") ? Duration.ZERO : unauthorized,
        policy.equals("Deny"),
        conditions);
  }

  private static boolean isOff(Struct webhook, String field) {
    return Boolean.FALSE.equals(webhook.get(field));
  }

  private Duration life(String path, Struct webhook, String field, Duration usual) {
    Duration span = span(path, webhook.string(field), usual);
    if (span.isZero()) {
      require(path, "");
    } else if (span.isNegative()) {
      invalid(path, GoDuration.text(span), "must be > 0s");
    }
    return span;
  }

  private Duration span(String path, String text, Duration usual) {
    if (text.isEmpty()) {
      return usual;
    }
    try {
      return GoDuration.parse(text);
    } catch (IllegalArgumentException e) {
      invalid(path, text, String.valueOf(e.getMessage()));
      return LONGEST;
    }
  }

  private void checkChoice(String path, String value, List<String> choices) {
    if (value.isEmpty()) {
      require(path, "");
    } else if (!choices.contains(value)) {
      unsupported(path, value, choices);
    }
  }

  private Path connection(String path, Struct connection) {
    String type = connection.string("type");
    String file = connection.string("kubeConfigFile");
    String filePath = path + ".kubeConfigFile";
    switch (type) {
      case "" -> require(path + ".type", "");
      case "KubeConfigFile" -> {
        if (file.isEmpty()) {
          require(filePath, "");
        } else if (!file.startsWith("/")) {
          invalid(filePath, file, "must be an absolute path");
        } else if (!Files.exists(Path.of(file))) {
          invalid(
              filePath, file, "error loading file: stat " + file + ": no such file or directory");
        } else if (!Files.isRegularFile(Path.of(file))) {
          invalid(filePath, file, "must be a regular file");
        }
      }
      // a server outside of Pods has no configuration of a Pod
      default -> unsupported(path + ".type", type, List.of("KubeConfigFile"));
    }
    return Path.of(file.isEmpty() ? "/" : file);
  }

  private List<String> conditions(String path, Struct webhook) {
    List<Struct> all = webhook.structs("matchConditions");
    String version = webhook.string("matchConditionSubjectAccessReviewVersion");
    String versionPath = path + ".matchConditionSubjectAccessReviewVersion";
    if (version.isEmpty() && !all.isEmpty()) {
      require(versionPath, "required if match conditions are specified");
    } else if (!version.isEmpty() && !version.equals("v1")) {
      unsupported(versionPath, version, List.of("v1"));
    }
    if (all.size() > MOST_CONDITIONS) {
      errors.add(
          new FieldError(
              Type.TOO_MANY,
              path + ".matchConditions",
              Integer.toString(all.size()),
              "must have at most " + MOST_CONDITIONS + " items"));
    }
    List<String> expressions = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      String at = path + ".matchConditions[" + i + "].expression";
      String expression = all.get(i).string("expression");
      if (expression.isBlank()) {
        require(at, "");
      } else if (expressions.contains(expression)) {
        errors.add(new FieldError(Type.DUPLICATE, at, GoText.quoted(expression), ""));
      } else {
        compile(at, expression);
        expressions.add(expression);
      }
    }
    return expressions;
  }

  private void compile(String path, String expression) {
    try {
      MatchConditions.compile(expression);
    } catch (IllegalArgumentException e) {
      invalid(path, expression, String.valueOf(e.getMessage()));
    }
  }

  private void require(String path, String detail) {
    errors.add(new FieldError(Type.REQUIRED, path, null, detail));
  }

  private void invalid(String path, String value, String detail) {
    errors.add(new FieldError(Type.INVALID, path, GoText.quoted(value), detail));
  }

  private void unsupported(String path, String value, List<String> choices) {
    errors.add(
        new FieldError(
            Type.NOT_SUPPORTED,
            path,
            GoText.quoted(value),
            "supported values: " + GoText.quoted(choices)));
  }
}
