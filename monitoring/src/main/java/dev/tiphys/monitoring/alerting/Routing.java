package dev.tiphys.monitoring.alerting;

import dev.tiphys.monitoring.config.Assets;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.selection.Sources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.encoding.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/// One AlertmanagerConfig as parts of a configuration of Alertmanager. Its names get its own in
/// front, so that those of two configs do not meet.
final class Routing {

  /// The ways to send alerts, as receivers of both call them. Of these, newer Alertmanagers have
  /// more than the one that is used here.
  private static final List<String> KINDS =
      List.of(
          "discordConfigs",
          "emailConfigs",
          "opsgenieConfigs",
          "pagerdutyConfigs",
          "pushoverConfigs",
          "slackConfigs",
          "snsConfigs",
          "telegramConfigs",
          "victoropsConfigs",
          "webexConfigs",
          "webhookConfigs",
          "wechatConfigs");

  /// What needs a newer Alertmanager than Debian has.
  private static final List<String> NEWER =
      List.of("mattermostConfigs", "msteamsConfigs", "msteamsv2Configs", "rocketchatConfigs");

  private final ObjectKey key;
  private final Struct spec;
  private final Integration integration;

  Routing(Struct config, Sources sources, Assets assets) {
    this.key = Meta.of(config).key();
    this.spec = config.struct("spec");
    this.integration = new Integration(new Values(key.namespace(), sources, assets));
  }

  private String named(String name) {
    return key.namespace() + "/" + key.name() + "/" + name;
  }

  /// @throws RejectedException if something that is named is not there, or not what it should be
  List<Struct> receivers() throws RejectedException {
    List<Struct> all = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Struct receiver : spec.structs("receivers")) {
      String name = receiver.string("name");
      if (!names.add(name)) {
        throw new RejectedException("\"%s\" receiver is not unique".formatted(name));
      }
      for (String kind : NEWER) {
        if (!receiver.structs(kind).isEmpty()) {
          throw new RejectedException(
              "receiver \"%s\": %s needs a newer Alertmanager than the one that runs"
                  .formatted(name, kind));
        }
      }
      StructBuilder converted = new StructBuilder().add("name", named(name));
      for (String kind : KINDS) {
        List<Struct> settings = new ArrayList<>();
        for (Struct each : receiver.structs(kind)) {
          settings.add(integration.converted(kind, each));
        }
        if (!settings.isEmpty()) {
          converted.add(Integration.spelled(kind), settings);
        }
      }
      all.add(converted.build());
    }
    return all;
  }

  /// The times that routes name.
  List<Struct> times() {
    List<Struct> all = new ArrayList<>();
    for (Struct interval : spec.structs("muteTimeIntervals")) {
      List<Struct> spans = new ArrayList<>();
      for (Struct span : interval.structs("timeIntervals")) {
        spans.add(span(span));
      }
      all.add(Struct.of("name", named(interval.string("name")), "time_intervals", spans));
    }
    return all;
  }

  private static Struct span(Struct span) {
    Struct all = Struct.EMPTY;
    List<Struct> times = new ArrayList<>();
    for (Struct time : span.structs("times")) {
      times.add(
          Struct.of("start_time", time.string("startTime"), "end_time", time.string("endTime")));
    }
    if (!times.isEmpty()) {
      all = all.with("times", times);
    }
    List<String> days = new ArrayList<>();
    for (Struct range : span.structs("daysOfMonth")) {
      long start = range.integer("start");
      long end = range.integer("end");
      days.add(start == end || end == 0 ? Long.toString(start) : start + ":" + end);
    }
    if (!days.isEmpty()) {
      all = all.with("days_of_month", days);
    }
    for (String field : List.of("weekdays", "months", "years")) {
      List<String> values = span.strings(field);
      if (!values.isEmpty()) {
        all = all.with(field, values.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList());
      }
    }
    return all;
  }

  /// Whether there is a route at all.
  boolean routes() {
    return spec.has("route");
  }

  /// The route, in front of others: alerts that it sends go on to those.
  ///
  /// @param ofNamespace whether only alerts of the config's own namespace are sent
  Struct route(boolean ofNamespace) throws RejectedException {
    Struct route = spec.struct("route");
    if (route.string("receiver").isEmpty()) {
      throw new RejectedException("root route must define a receiver");
    }
    Struct converted = route(route).with("continue", true);
    if (!ofNamespace) {
      return converted;
    }
    List<String> matchers = new ArrayList<>(converted.strings("matchers"));
    matchers.add(matcher("namespace", "=", key.namespace()));
    return converted.with("matchers", List.copyOf(matchers));
  }

  private Struct route(Struct route) throws RejectedException {
    String receiver = route.string("receiver");
    check("receiver", receiver, "receivers");
    StructBuilder converted = new StructBuilder();
    if (!receiver.isEmpty()) {
      converted.add("receiver", named(receiver));
    }
    for (String field : List.of("groupBy", "groupWait", "groupInterval", "repeatInterval")) {
      Object value = route.get(field);
      if (value != null) {
        converted.add(Integration.spelled(field), value);
      }
    }
    List<String> matchers = matchers(route.structs("matchers"), _ -> true);
    if (!matchers.isEmpty()) {
      converted.add("matchers", matchers);
    }
    if (route.bool("continue")) {
      converted.add("continue", true);
    }
    for (String field : List.of("muteTimeIntervals", "activeTimeIntervals")) {
      List<String> names = new ArrayList<>();
      for (String name : route.strings(field)) {
        check("time interval", name, "muteTimeIntervals");
        names.add(named(name));
      }
      if (!names.isEmpty()) {
        converted.add(Integration.spelled(field), names);
      }
    }
    List<Struct> children = new ArrayList<>();
    for (Struct child : route.structs("routes")) {
      children.add(route(child));
    }
    if (!children.isEmpty()) {
      converted.add("routes", children);
    }
    return converted.build();
  }

  private void check(String what, String name, String among) throws RejectedException {
    boolean known =
        name.isEmpty()
            || spec.structs(among).stream().anyMatch(each -> each.string("name").equals(name));
    if (!known) {
      throw new RejectedException("%s \"%s\" not found".formatted(what, name));
    }
  }

  /// Which alerts others hold back.
  ///
  /// @param ofNamespace whether that is only about alerts of the config's own namespace
  List<Struct> inhibitions(boolean ofNamespace) throws RejectedException {
    List<Struct> all = new ArrayList<>();
    for (Struct rule : spec.structs("inhibitRules")) {
      Struct converted =
          Struct.of(
              "source_matchers", side(rule.structs("sourceMatch"), ofNamespace),
              "target_matchers", side(rule.structs("targetMatch"), ofNamespace));
      List<String> equal = rule.strings("equal");
      all.add(equal.isEmpty() ? converted : converted.with("equal", equal));
    }
    return all;
  }

  private List<String> side(List<Struct> matchers, boolean ofNamespace) throws RejectedException {
    if (!ofNamespace) {
      return matchers(matchers, _ -> true);
    }
    List<String> all = new ArrayList<>(matchers(matchers, name -> !name.equals("namespace")));
    all.add(matcher("namespace", "=", key.namespace()));
    return List.copyOf(all);
  }

  private static List<String> matchers(List<Struct> matchers, Predicate<String> wanted)
      throws RejectedException {
    List<String> all = new ArrayList<>();
    for (Struct each : matchers) {
      String name = each.string("name");
      String type = each.string("matchType");
      if (!type.isEmpty() && each.bool("regex")) {
        throw new RejectedException("'matchType' and 'regex' can't be specified together");
      }
      if (wanted.test(name)) {
        all.add(
            matcher(
                name,
                !type.isEmpty() ? type : each.bool("regex") ? "=~" : "=",
                each.string("value")));
      }
    }
    return List.copyOf(all);
  }

  private static String matcher(String name, String operator, String value) {
    return name + operator + Json.text(value);
  }
}
