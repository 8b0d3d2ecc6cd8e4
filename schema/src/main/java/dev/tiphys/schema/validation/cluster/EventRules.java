package dev.tiphys.schema.validation.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.MetaRules;
import dev.tiphys.schema.validation.NameForm;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rules for Events. The newer of the two kinds is stricter; upstream tells its errors under the
/// names that the fields have in the older one.
public final class EventRules {

  private static final int LONGEST = 128;
  private static final int LONGEST_MESSAGE = 1024;
  private static final String NOT_ITS_NAMESPACE = "does not match event.namespace";
  private static final String UNSET = "needs to be unset";

  /// What fields of the newer kind are called in the older one.
  private static final Map<String, String> OLD_NAMES =
      Map.of(
          "regarding", "involvedObject",
          "note", "message",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count");

  private EventRules() {}

  /// An Event of the core group.
  public static void core(FieldValue event) {
    common(event, "reportingComponent");
  }

  public static void coreUpdate(FieldValue now, Struct before) {
    core(now);
  }

  public static void event(FieldValue written) {
    FieldValue event = written.holding(inOldNames(written.struct()));
    common(event, "reportingController");
    MetaRules.object(event.at("metadata"), true, NameForm.SUBDOMAIN);
    MetaRules.qualifiedFinalizers(event.at("metadata", "finalizers"));
    series(event);
    if (!event.at("eventTime").isSet()) {
      event.at("eventTime").required();
    }
    String type = event.at("type").string();
    if (!type.equals("Normal") && !type.equals("Warning")) {
      event.at("type").invalid("", "has invalid value: " + type);
    }
    for (String field : List.of("firstTimestamp", "lastTimestamp")) {
      unset(event.at(field), event.at(field).isSet());
    }
    unset(event.at("count"), event.at("count").integer() != 0);
    unset(event.at("source"), !event.at("source").struct().isEmpty());
  }

  private static void unset(FieldValue field, boolean isSet) {
    if (isSet) {
      field.invalid("", UNSET);
    }
  }

  private static Struct inOldNames(Struct event) {
    Struct renamed = event;
    for (Map.Entry<String, String> name : OLD_NAMES.entrySet()) {
      Object value = event.get(name.getKey());
      if (value != null) {
        renamed = renamed.without(name.getKey()).with(name.getValue(), value);
      }
    }
    return renamed;
  }

  public static void eventUpdate(FieldValue written, Struct old) {
    FieldValue now = written.holding(inOldNames(written.struct()));
    Struct before = inOldNames(old);
    common(now, "reportingController");
    MetaRules.update(now.at("metadata"), before.struct("metadata"));
    MetaRules.qualifiedFinalizers(now.at("metadata", "finalizers"));
    if (!Equality.same(now.at("series").value(), before.get("series"))) {
      series(now);
    }
    for (String field :
        List.of(
            "involvedObject",
            "reason",
            "message",
            "source",
            "firstTimestamp",
            "lastTimestamp",
            "count",
            "reason",
            "type",
            "eventTime",
            "action",
            "related",
            "reportingController",
            "reportingInstance")) {
      stays(now.at(field), before.get(field));
    }
  }

  private static void stays(FieldValue field, @Nullable Object before) {
    if (Equality.same(field.value(), before)) {
      return;
    }
    String type =
        switch (field.name()) {
          case "source" -> "EventSource";
          case "involvedObject", "related" -> "ObjectReference";
          default -> "";
        };
    if (type.isEmpty()) {
      field.invalid(FieldValue.IMMUTABLE);
    } else {
      field.invalidText(
          GoText.struct(field.value(), "io.k8s.api.core.v1." + type), FieldValue.IMMUTABLE);
    }
  }

  private static void series(FieldValue event) {
    FieldValue series = event.at("series");
    if (!series.isSet()) {
      return;
    }
    if (series.at("count").integer() < 2) {
      event.at("series.count").invalid("", "should be at least 2");
    }
    if (!series.at("lastObservedTime").isSet()) {
      event.at("series.lastObservedTime").required();
    }
  }

  private static void common(FieldValue event, String reporter) {
    String namespace = event.at("metadata", "namespace").string();
    FieldValue about = event.at("involvedObject", "namespace");
    boolean ofDefault = namespace.equals("default");
    if (!event.at("eventTime").isSet()) {
      boolean matches =
          about.isEmpty() ? namespace.isEmpty() || ofDefault : namespace.equals(about.string());
      if (!matches) {
        about.invalid(about.string(), NOT_ITS_NAMESPACE);
      }
    } else {
      if (about.isEmpty() && !ofDefault && !namespace.equals("kube-system")) {
        about.invalid("", NOT_ITS_NAMESPACE);
      }
      reporter(event, event.at(reporter));
    }
    event.at("namespace").holding(namespace).mustBe(Formats::dnsSubdomain);
  }

  private static void reporter(FieldValue event, FieldValue reporter) {
    reporter.mustBeSet();
    reporter.mustBe(Formats::labelKey);
    for (String field : List.of("reportingInstance", "action", "reason")) {
      event.at(field).mustBeSet();
      atMost(event.at(field), LONGEST);
    }
    atMost(event.at("message"), LONGEST_MESSAGE);
  }

  private static void atMost(FieldValue text, int most) {
    if (Formats.byteLength(text.string()) > most) {
      text.invalid("", "can have at most " + most + " characters");
    }
  }
}
