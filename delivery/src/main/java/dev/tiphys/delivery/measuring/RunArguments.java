package dev.tiphys.delivery.measuring;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The arguments of an AnalysisRun.
///
/// @param placeholders what they stand for in metrics
/// @param secrets values that no message may show
record RunArguments(Placeholders placeholders, Set<String> secrets) {

  private static final String HIDDEN = "*****";

  /// With something in the place of what Secrets hold: enough to tell whether a metric is sound.
  static RunArguments withoutSecrets(Struct run) {
    Map<String, String> values = new HashMap<>();
    for (Struct argument : run.structs("spec", "args")) {
      boolean secret = argument.has("valueFrom", "secretKeyRef");
      values.put(key(argument), secret ? "temp-for-secret" : value(argument));
    }
    return new RunArguments(new Placeholders(values), Set.of());
  }

  /// With what Secrets hold.
  ///
  /// @throws IllegalArgumentException if one lacks its key
  /// @throws dev.tiphys.object.api.ApiException if one can't be read
  static RunArguments of(Api api, Struct run) {
    Map<String, String> values = new HashMap<>();
    Set<String> secrets = new HashSet<>();
    for (Struct argument : run.structs("spec", "args")) {
      if (argument.has("valueFrom", "secretKeyRef")) {
        String value =
            secret(api, Meta.of(run).namespace(), argument.struct("valueFrom", "secretKeyRef"));
        secrets.add(value);
        values.put(key(argument), value);
      } else {
        values.put(key(argument), value(argument));
      }
    }
    return new RunArguments(new Placeholders(values), secrets);
  }

  private static String key(Struct argument) {
    return "args." + argument.string("name");
  }

  private static String value(Struct argument) {
    if (!argument.has("value")) {
      throw new IllegalArgumentException(
          "argument \"" + argument.string("name") + "\" was not supplied");
    }
    return argument.string("value");
  }

  private static String secret(Api api, String namespace, Struct reference) {
    String name = reference.string("name");
    String key = reference.string("key");
    Struct data = api.get(ApiResource.SECRETS, namespace, name).struct("data");
    if (!data.has(key)) {
      throw new IllegalArgumentException(
          "key '" + key + "' does not exist in secret '" + name + "'");
    }
    return new String(Base64.getDecoder().decode(data.string(key)), StandardCharsets.UTF_8);
  }

  /// The metrics with the arguments in them.
  List<Metric> metrics(Struct run) {
    return run.structs("spec", "metrics").stream()
        .map(metric -> new Metric(placeholders.resolved(metric)))
        .toList();
  }

  /// A message without what Secrets hold.
  String hidden(String message) {
    String safe = message;
    for (String secret : secrets) {
      safe = secret.isEmpty() ? safe : safe.replace(secret, HIDDEN);
    }
    return safe;
  }
}
