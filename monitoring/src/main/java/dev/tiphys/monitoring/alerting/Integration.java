package dev.tiphys.monitoring.alerting;

import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The settings of one way to send alerts, from how an AlertmanagerConfig has them to how
/// Alertmanager does. Most fields only change their spelling: `sendResolved` is `send_resolved`.
/// What names keys of Secrets becomes what these hold.
record Integration(Values values) {

  /// Fields that are called otherwise.
  private static final Map<String, String> NAMES =
      Map.of(
          "pagerDutyImageConfigs", "images",
          "pagerDutyLinkConfigs", "links",
          "urlSecret", "url",
          "proxyURL", "proxy_url",
          "bearerTokenSecret", "bearer_token");

  /// Lists of keys and values that Alertmanager has as maps.
  private static final Set<String> PAIRS = Set.of("details", "headers", "customFields");

  /// Maps whose keys are the user's.
  private static final Set<String> MAPS = Set.of("endpointParams", "attributes");

  /// @param kind as in receivers: `slackConfigs`
  Struct converted(String kind, Struct settings) throws RejectedException {
    Struct converted = fields(settings);
    return switch (kind) {
      case "discordConfigs" -> renamed(converted, "api_url", "webhook_url");
      case "pagerdutyConfigs" -> {
        List<Struct> links = new ArrayList<>();
        converted.structs("links").forEach(link -> links.add(renamed(link, "alt", "text")));
        yield links.isEmpty() ? converted : converted.with("links", links);
      }
      default -> converted;
    };
  }

  private static Struct renamed(Struct settings, String from, String to) {
    Object value = settings.get(from);
    return value == null ? settings : settings.without(from).with(to, value);
  }

  private Struct fields(Struct settings) throws RejectedException {
    StructBuilder converted = new StructBuilder();
    for (String name : settings.names()) {
      Object value = settings.get(name);
      if (value != null) {
        converted.add(spelled(name), value(name, value));
      }
    }
    return converted.build();
  }

  private Object value(String name, Object value) throws RejectedException {
    return switch (value) {
      case Struct struct when name.equals("tlsConfig") -> tls(struct);
      case Struct struct when name.equals("proxyConnectHeader") -> secrets(struct);
      case Struct struct when MAPS.contains(name) -> struct;
      case Struct struct when struct.has("secret") || struct.has("configMap") ->
          values.either(struct);
      case Struct struct when struct.has("key") && !struct.has("value") -> values.secret(struct);
      case Struct struct -> fields(struct);
      case List<?> list when PAIRS.contains(name) -> map(list);
      case List<?> list -> {
        List<Object> all = new ArrayList<>();
        for (Object each : list) {
          all.add(each instanceof Struct struct ? fields(struct) : each);
        }
        yield List.copyOf(all);
      }
      default -> value;
    };
  }

  private static Struct map(List<?> pairs) {
    Struct map = Struct.EMPTY;
    for (Object each : pairs) {
      if (each instanceof Struct pair) {
        map = map.with(pair.string("key"), pair.string("value"));
      }
    }
    return map;
  }

  private Struct secrets(Struct headers) throws RejectedException {
    Struct map = Struct.EMPTY;
    for (String header : headers.names()) {
      List<Object> texts = new ArrayList<>();
      for (Struct reference : headers.structs(header)) {
        texts.add(values.secret(reference));
      }
      map = map.with(header, List.copyOf(texts));
    }
    return map;
  }

  private Struct tls(Struct tls) throws RejectedException {
    Struct settings = Struct.of("insecure_skip_verify", tls.bool("insecureSkipVerify"));
    for (String part : List.of("ca", "cert")) {
      if (!tls.struct(part).isEmpty()) {
        settings = settings.with(part + "_file", values.eitherFile(tls.struct(part)));
      }
    }
    if (tls.has("keySecret")) {
      settings = settings.with("key_file", values.secretFile(tls.struct("keySecret")));
    }
    for (String text : List.of("serverName", "minVersion", "maxVersion")) {
      if (tls.has(text)) {
        settings = settings.with(spelled(text), tls.string(text));
      }
    }
    return settings;
  }

  /// `apiURL` is `api_url`.
  static String spelled(String name) {
    String other = NAMES.get(name);
    return other != null
        ? other
        : name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
