package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.Rounds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Definitions that make no sense in some place, written in every way, and objects of what is left
/// of them: none of that is a fault of the server's. `-Dtiphys.requests` says how many are sent,
/// `-Dtiphys.seed` which.
class MalformedDefinitionsTest {

  private static final int REQUESTS = Rounds.of("tiphys.requests", 500);
  private static final long SEED = Long.getLong("tiphys.seed", 1);

  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String NAME = DEFINITIONS + "/things.example.com";
  private static final String THINGS = "/apis/example.com/v1/namespaces/default/things";

  private static final String SOUND =
      """
      {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
       "metadata":{"name":"things.example.com"},
       "spec":{"group":"example.com","scope":"Namespaced",
        "names":{"plural":"things","kind":"Thing","shortNames":["th"],"categories":["all"]},
        "conversion":{"strategy":"None"},
        "versions":[{"name":"v1","served":true,"storage":true,
         "subresources":{"status":{},"scale":{"specReplicasPath":".spec.size",
          "statusReplicasPath":".status.size","labelSelectorPath":".status.selector"}},
         "selectableFields":[{"jsonPath":".spec.color"}],
         "additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"}],
         "schema":{"openAPIV3Schema":{"type":"object","properties":{
          "spec":{"type":"object","required":["size"],
           "x-kubernetes-validations":[{"rule":"self.size > 0","message":"too small",
            "reason":"FieldValueForbidden","fieldPath":".size"}],
           "properties":{
            "size":{"type":"integer","format":"int32","minimum":0,"maximum":9,"default":3},
            "color":{"type":"string","enum":["red","blue"],"pattern":"^[a-z]+$","maxLength":9},
            "list":{"type":"array","maxItems":9,"x-kubernetes-list-type":"map",
             "x-kubernetes-list-map-keys":["name"],"items":{"type":"object","required":["name"],
              "properties":{"name":{"type":"string","maxLength":9}}}},
            "map":{"type":"object","maxProperties":9,
             "additionalProperties":{"type":"string","nullable":true}},
            "either":{"x-kubernetes-int-or-string":true},
            "any":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}},
          "status":{"type":"object","properties":{
           "size":{"type":"integer"},"selector":{"type":"string"}}}}}}}]}}
      """;

  private static final List<Object> FAULTS =
      List.of(
          "",
          "x",
          "object",
          "array",
          "self",
          "((",
          "a.b",
          ".spec.size",
          "é",
          0L,
          -1L,
          1e300,
          true,
          Long.MAX_VALUE,
          Null.NULL,
          Struct.EMPTY,
          List.of(),
          List.of("x", 1L),
          List.of(Null.NULL),
          Struct.of("type", "x"),
          Struct.of("$ref", "x"),
          Struct.of("rule", "self.all(x, x)"));

  /// Upstream answers these with 500 too, though it is the client's fault.
  private static final String CLIENTS_FAULT =
      "failed to (create typed patch object|convert new typed object|merge config).*";

  private final RandomGenerator random = new SplittableRandom(SEED);

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /// A tree of which some values are others, or gone, or in other places too.
  private Object changed(Object tree, double chance) {
    if (random.nextDouble() < chance) {
      return one(FAULTS);
    }
    return switch (tree) {
      case Struct struct -> {
        StructBuilder changed = new StructBuilder();
        for (String name : struct.names()) {
          Object value = struct.get(name);
          if (value != null && random.nextDouble() > chance / 2) {
            changed.put(name, changed(value, chance));
          }
          if (random.nextDouble() < chance / 2) {
            changed.put(one(struct.names()), one(FAULTS));
          }
        }
        yield changed.build();
      }
      case List<?> list -> {
        List<Object> changed = new ArrayList<>();
        list.forEach(element -> changed.add(changed(element, chance)));
        if (!changed.isEmpty() && random.nextDouble() < chance) {
          changed.add(changed.getFirst());
        }
        yield List.copyOf(changed);
      }
      default -> tree;
    };
  }

  private Struct thing() {
    Struct sound =
        Json.struct(
            Wire.json(
                    "{'apiVersion':'example.com/v1','kind':'Thing','metadata':{'name':'a'},"
                        + "'spec':{'size':3,'color':'red','list':[{'name':'x'}],'map':{'k':'v'},"
                        + "'either':1,'any':{'x':{'y':[1]}}}}")
                .getBytes(StandardCharsets.UTF_8));
    return sound.with("spec", changed(sound.struct("spec"), 0.1));
  }

  private static String text(Object tree) {
    return Json.text(tree).replace("'", "\\u0027");
  }

  private Wire.Answer send(Wire wire, Struct sound) throws Exception {
    String definition = text(sound.with("spec", changed(sound.struct("spec"), 0.02)));
    return switch (random.nextInt(6)) {
      case 0 -> wire.post(DEFINITIONS, definition);
      case 1 -> wire.put(NAME, definition);
      case 2 -> wire.patch("merge-patch", NAME, definition);
      case 3 ->
          wire.send(
              "PATCH",
              NAME + "?fieldManager=m&force=true",
              definition,
              "Content-Type",
              "application/apply-patch+yaml");
      case 4 -> wire.post(THINGS, text(thing()));
      default -> wire.patch("merge-patch", THINGS + "/a", text(thing()));
    };
  }

  @Test
  @Timeout(3_600)
  void theFaultIsNeverTheServers() throws Exception {
    Struct sound = Json.struct(SOUND.getBytes(StandardCharsets.UTF_8));
    List<String> faults = new ArrayList<>();
    try (RunningServer server = new RunningServer()) {
      Wire wire = new Wire(server);
      assertThat(wire.post(DEFINITIONS, text(sound)).code()).isEqualTo(201);
      for (int i = 0; i < REQUESTS; i++) {
        Wire.Answer answer = send(wire, sound);
        if (answer.code() >= 500 && !answer.message().matches("(?s)" + CLIENTS_FAULT)) {
          faults.add(i + ": " + answer.message());
        }
        if (random.nextInt(50) == 0) {
          wire.delete(NAME, "");
        }
      }
      assertThat(wire.get(DEFINITIONS).code()).isEqualTo(200);
    }
    assertThat(faults).isEmpty();
  }
}
