package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is applied, and what is said of its owners, makes no sense: none of that is a fault of the
/// server's, and all of it leaves the object readable. `-Dtiphys.requests` says how many are sent,
/// `-Dtiphys.seed` which.
class MalformedAppliesTest {

  private static final int REQUESTS = Rounds.of("tiphys.requests", 1_500);
  private static final long SEED = Long.getLong("tiphys.seed", 1);

  private static final String PATH = "/apis/apps/v1/namespaces/default/deployments/a";

  private static final List<String> FIELDS =
      List.of(
          "metadata",
          "name",
          "labels",
          "annotations",
          "finalizers",
          "ownerReferences",
          "uid",
          "spec",
          "replicas",
          "selector",
          "matchLabels",
          "template",
          "containers",
          "image",
          "ports",
          "containerPort",
          "protocol",
          "env",
          "value",
          "resources",
          "limits",
          "cpu",
          "status",
          "conditions",
          "type",
          "strategy",
          "volumes",
          "managedFields",
          "x",
          "");

  private static final List<String> STEPS =
      List.of(
          ".",
          "f:spec",
          "f:metadata",
          "f:replicas",
          "f:template",
          "f:containers",
          "f:",
          "f",
          "k:{\"name\":\"c\"}",
          "k:{\"name\":1}",
          "k:{}",
          "k:[]",
          "k:{",
          "v:1",
          "v:\"a\"",
          "v:{",
          "v:",
          "i:0",
          "i:-1",
          "i:x",
          "x:y",
          "");

  private static final List<Object> SCALARS =
      List.of(
          "a", "", "1", 1L, -1L, 1.5, 1e300, Long.MAX_VALUE, true, false, Null.NULL, "c", "TCP");

  /// Upstream answers these with 500 too, though it is the client's fault.
  private static final String CLIENTS_FAULT =
      "failed to (create typed patch object|convert new typed object|merge config).*";

  private final RandomGenerator random = new SplittableRandom(SEED);

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private Object tree(int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(4)) {
      case 1 -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
          list.add(tree(depth - 1));
        }
        yield List.copyOf(list);
      }
      case 2, 3 -> struct(depth - 1);
      default -> one(SCALARS);
    };
  }

  private Struct struct(int depth) {
    StructBuilder struct = new StructBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      struct.add(one(FIELDS), tree(depth));
    }
    return struct.build();
  }

  private Struct fields(int depth) {
    StructBuilder fields = new StructBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      fields.add(one(STEPS), depth == 0 ? Struct.EMPTY : fields(depth - 1));
    }
    return fields.build();
  }

  /// A sound Deployment, with something else in some place.
  private Struct wanted() {
    Struct wanted =
        Json.struct(
            Wire.json(
                "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'a'},'spec':{"
                    + "'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},"
                    + "'spec':{'containers':[{'name':'c','image':'i'}]}}}}"));
    return switch (random.nextInt(8)) {
      case 0 -> wanted.withAt(tree(3), "spec", one(FIELDS));
      case 1 -> wanted.withAt(tree(3), "spec", "template", "spec", one(FIELDS));
      case 2 -> wanted.withAt(tree(3), "spec", "template", "spec", "containers");
      case 3 -> wanted.withAt(tree(2), "metadata", one(FIELDS));
      case 4 -> wanted.with(one(FIELDS), tree(4));
      case 5 -> wanted.withAt(random.nextLong(4), "spec", "replicas");
      case 6 -> struct(4);
      default -> wanted;
    };
  }

  /// What is said of its owners.
  private Struct owners() {
    List<Object> entries = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      entries.add(
          new StructBuilder()
              .add("manager", one(List.of("m", "n", "", "kubectl")))
              .add("operation", one(List.of("Apply", "Update", "Update", "x")))
              .add("apiVersion", one(List.of("apps/v1", "v1", "apps/v9", "a/b/c", "")))
              .add("fieldsType", one(List.of("FieldsV1", "FieldsV1", "FieldsV1", "x")))
              .add("fieldsV1", fields(4))
              .build());
    }
    return Struct.of("metadata", Struct.of("managedFields", List.copyOf(entries)));
  }

  @Test
  @Timeout(3_600)
  void theFaultIsNeverTheServers() throws Exception {
    try (RunningServer server = new RunningServer()) {
      Wire wire = new Wire(server);
      List<String> faults = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        boolean applies = random.nextInt(3) > 0;
        String type = applies ? "apply-patch+yaml" : "merge-patch+json";
        String query =
            "?fieldManager="
                + one(List.of("m", "n", "kubectl"))
                + (applies && random.nextBoolean() ? "&force=true" : "");
        String body = Json.text(applies ? wanted() : owners());
        Wire.Answer answer =
            wire.send("PATCH", PATH + query, body, "Content-Type", "application/" + type);
        if (answer.code() >= 500 && !answer.message().matches("(?s)" + CLIENTS_FAULT)) {
          faults.add(answer.code() + " " + answer.message() + " to " + body);
        }
      }
      assertThat(faults).isEmpty();
      assertThat(wire.get(PATH).code()).isEqualTo(200);
    }
  }
}
