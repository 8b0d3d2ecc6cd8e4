package dev.tiphys.schema.validation.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.Normalizer;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The flow schemas and priority levels that no server can be without. Nobody may change what they
/// say, except for the shares of what is exempt.
public final class MandatoryFlows {

  public static final String TYPES = "io.k8s.api.flowcontrol.v1.";
  private static final String SCHEMA = TYPES + "FlowSchemaSpec";
  private static final String LEVEL = TYPES + "PriorityLevelConfigurationSpec";
  private static final String EVERYTHING =
      """
      "resourceRules": [{
        "verbs": ["*"], "apiGroups": ["*"], "resources": ["*"],
        "namespaces": ["*"], "clusterScope": true
      }],
      "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}]
      """;

  private static final Map<String, Struct> SCHEMAS =
      Map.of(
          "exempt",
          struct(
              SCHEMA,
              """
              {
                "matchingPrecedence": 1,
                "priorityLevelConfiguration": {"name": "exempt"},
                "rules": [{
                  "subjects": [{"kind": "Group", "group": {"name": "system:masters"}}],
              """
                  + EVERYTHING
                  + "}]}"),
          "catch-all",
          struct(
              SCHEMA,
              """
              {
                "matchingPrecedence": 10000,
                "distinguisherMethod": {"type": "ByUser"},
                "priorityLevelConfiguration": {"name": "catch-all"},
                "rules": [{
                  "subjects": [
                    {"kind": "Group", "group": {"name": "system:unauthenticated"}},
                    {"kind": "Group", "group": {"name": "system:authenticated"}}
                  ],
              """
                  + EVERYTHING
                  + "}]}"));

  private static final Map<String, Struct> LEVELS =
      Map.of(
          "exempt",
          struct(LEVEL, "{\"type\": \"Exempt\"}"),
          "catch-all",
          struct(
              LEVEL,
              """
              {
                "type": "Limited",
                "limited": {
                  "nominalConcurrencyShares": 5,
                  "lendablePercent": 0,
                  "limitResponse": {"type": "Reject"}
                }
              }
              """));

  private MandatoryFlows() {}

  private static Struct struct(String type, String json) {
    Object parsed = Json.parse(json.getBytes(StandardCharsets.UTF_8));
    return Normalizer.normalize((Struct) parsed, TypeTable.BUILT_IN.type(type));
  }

  static void schema(FieldValue spec, String name) {
    Struct fixed = SCHEMAS.get(name);
    if (fixed != null && !spec.struct().equals(fixed)) {
      spec.invalidText(
          GoText.struct(spec.value(), SCHEMA), "spec of '" + name + "' must equal the fixed value");
    }
  }

  static void level(FieldValue spec, String name) {
    Struct fixed = LEVELS.get(name);
    boolean exempt = name.equals("exempt");
    Struct compared = exempt ? spec.struct().without("exempt") : spec.struct();
    if (fixed != null && !compared.equals(fixed)) {
      spec.invalidText(
          GoText.struct(spec.value(), LEVEL),
          "spec of '"
              + name
              + (exempt
                  ? "' except the 'spec.exempt' field must equal the fixed value"
                  : "' must equal the fixed value"));
    }
  }
}
