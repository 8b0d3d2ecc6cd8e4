package dev.tiphys.schema.validation.storage;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Rules for StorageClasses and VolumeAttributesClasses: what drivers are told about volumes.
public final class StorageClassRules {

  private static final int MOST_PARAMETERS = 512;
  private static final int PARAMETER_BYTES = 256 * 1024;
  private static final List<String> RECLAIM = List.of("Delete", "Retain");
  private static final List<String> BINDING = List.of("Immediate", "WaitForFirstConsumer");

  private StorageClassRules() {}

  public static void create(FieldValue storage) {
    driver(storage.at("provisioner"));
    parameters(storage.at("parameters"));
    FieldValue policy = storage.at("reclaimPolicy");
    if (!policy.isEmpty()) {
      policy.mustBeOneOf(RECLAIM);
    }
    FieldValue mode = storage.at("volumeBindingMode");
    if (mode.isSet()) {
      mode.mustBeOneOf(BINDING);
    } else {
      mode.required();
    }
    topologies(storage.at("allowedTopologies"));
  }

  public static void update(FieldValue now, Struct before) {
    create(now);
    for (String field :
        List.of("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode")) {
      now.at(field).mustEqual(before.get(field));
    }
  }

  private static void driver(FieldValue name) {
    if (name.mustBeSet()) {
      name.holding(name.string().toLowerCase(Locale.ROOT)).mustBe(Formats::labelKey);
    }
  }

  private static void parameters(FieldValue parameters) {
    if (parameters.struct().size() > MOST_PARAMETERS) {
      parameters.tooLong(MOST_PARAMETERS);
      return;
    }
    for (FieldValue parameter : parameters.entries()) {
      if (parameter.name().isEmpty()) {
        parameters.invalid("", "field can not be empty.");
      }
    }
    atMost(parameters, PARAMETER_BYTES);
  }

  /// A map of texts whose keys and values are not too long together.
  static void atMost(FieldValue texts, int bytes) {
    long size = 0;
    for (FieldValue text : texts.entries()) {
      size += Formats.byteLength(text.name()) + Formats.byteLength(text.string());
    }
    if (size > bytes) {
      texts.tooLong(bytes);
    }
  }

  /// The terms are distinct. Upstream calls an empty one the double of each of the terms.
  private static void topologies(FieldValue topologies) {
    List<Map<String, Set<Object>>> seen = new ArrayList<>();
    topologies.list().forEach(term -> seen.add(Map.of()));
    for (FieldValue term : topologies.items()) {
      Map<String, Set<Object>> labels = labels(term.at("matchLabelExpressions"));
      for (Map<String, Set<Object>> other : seen) {
        if (labels.equals(other)) {
          term.at("matchLabelExpressions").duplicateText("\"\"");
        }
      }
      seen.add(labels);
    }
  }

  private static Map<String, Set<Object>> labels(FieldValue expressions) {
    Map<String, Set<Object>> labels = new HashMap<>();
    for (FieldValue expression : expressions.items()) {
      Set<Object> values = new HashSet<>();
      expression.at("values").mustBeSet();
      for (FieldValue value : expression.at("values").items()) {
        value.mustBeNewIn(values);
      }
      FieldValue key = expression.at("key");
      key.mustBe(Formats::labelKey);
      if (labels.put(key.string(), values) != null) {
        key.duplicate();
      }
    }
    return labels;
  }

  public static void attributes(FieldValue attributes) {
    driver(attributes.at("driverName"));
    FieldValue parameters = attributes.at("parameters");
    parameters(parameters);
    if (parameters.struct().isEmpty()) {
      parameters.required("must contain at least one key/value pair");
    }
  }

  public static void attributesUpdate(FieldValue now, Struct before) {
    for (String field : List.of("driverName", "parameters")) {
      if (!Equality.same(now.at(field).value(), before.get(field))) {
        now.at(field).forbidden("updates to " + field + " are forbidden.");
      }
    }
    attributes(now);
  }
}
