package dev.tiphys.schema.validation.custom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.DecodingException;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Objects;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.defaults.Defaults;
import dev.tiphys.schema.rules.Validation;
import dev.tiphys.schema.structural.StructuralSchema;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whole definitions and their objects, sound and with faults of every kind.
class DefinitionsTest {

  private static final Resource DEFINITIONS =
      Objects.resource("apiextensions.k8s.io/v1/customresourcedefinitions");

  private static final List<Object> FAULTS =
      List.of(
          "x",
          "",
          "self.a",
          "object",
          "array",
          "(",
          1L,
          -1L,
          2.5,
          true,
          false,
          Null.NULL,
          Struct.EMPTY,
          List.of(),
          List.of("a", 1L),
          Struct.of("a", 1L),
          Struct.of("type", "x"));

  private final Random random = new Random(3);

  static Stream<Struct> definitions() throws IOException {
    try (InputStream in =
        DefinitionsTest.class.getResourceAsStream("/dev/tiphys/schema/custom/definitions.yaml")) {
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Yaml.parseAll(yaml).stream().map(each -> whole((Struct) each));
    }
  }

  private static Struct whole(Struct definition) {
    Struct stored = Struct.of("storedVersions", List.of(version(definition).string("name")));
    Struct normal = DEFINITIONS.schema().normalize(definition.with("status", stored));
    return Defaults.apply(DEFINITIONS, normal);
  }

  private static Struct version(Struct definition) {
    return definition.struct("spec").structs("versions").getFirst();
  }

  private static StructuralSchema schema(Struct definition) {
    Struct version = version(definition);
    return StructuralSchema.of(
        new GroupVersion(definition.string("spec", "group"), version.string("name")),
        definition.string("spec", "names", "kind"),
        version.struct("schema", "openAPIV3Schema"));
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void soundDefinitionsAreTaken(Struct definition) {
    assertThat(Validation.create(DEFINITIONS, definition)).hasToString("[]");
  }

  @Test
  void anObjectOfASoundDefinitionIsTakenAndAnotherIsNot() throws IOException {
    StructuralSchema boats = schema(definitions().toList().getFirst());
    Struct sound =
        boats.complete(
            Objects.json(
                "{'metadata':{'name':'argo'},'spec':{'name':'Argo','crew':[{'name':'tiphys','role':'helmsman'},"
                    + "{'name':'orpheus','gifts':['song']}],'stops':{'lemnos':{}},'weather':{'calm':true}}}"));

    assertThat(errors(boats, sound, null)).hasToString("[]");
    assertThat(sound.string("spec", "draft")).isEqualTo("90cm");
    assertThat(errors(boats, sound.withAt(3L, "spec", "oars"), sound))
        .hasToString(
            "[spec.oars: Invalid value: 3: spec.oars in body should be a multiple of 2,"
                + " spec.oars: Invalid value: Argo limps]");
  }

  private static FieldErrors errors(StructuralSchema schema, Struct now, Struct before) {
    FieldErrors errors = new FieldErrors();
    schema.validate(FieldValue.top(errors, now), before);
    return errors;
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void definitionsWithFaultsAreToldSo(Struct definition) {
    int refused = 0;
    for (int i = 0; i < 100; i++) {
      Struct faulty = definition.with("spec", changed(definition.struct("spec"), 0.01));
      try {
        Struct whole = Defaults.apply(DEFINITIONS, DEFINITIONS.schema().normalize(faulty));
        refused += Validation.create(DEFINITIONS, whole).isEmpty() ? 0 : 1;
        refused += Validation.update(DEFINITIONS, whole, definition).isEmpty() ? 0 : 1;
      } catch (DecodingException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(50);
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void objectsWithFaultsAreToldSo(Struct definition) {
    StructuralSchema schema = schema(definition);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      Struct before = drawn(schema.document());
      Struct now = changed(before, 0.05);
      try {
        Struct old = schema.complete(schema.normalize(before));
        Struct whole = schema.complete(schema.normalize(now));
        refused += errors(schema, whole, null).isEmpty() ? 0 : 1;
        refused += errors(schema, whole, old).isEmpty() ? 0 : 1;
        FieldErrors errors = new FieldErrors();
        schema.validateStatus(FieldValue.top(errors, whole), old);
      } catch (DecodingException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(50);
  }

  private Struct drawn(Struct schema) {
    return ((Struct) value(schema)).with("metadata", Struct.of("name", "a"));
  }

  /// A value that mostly fits a schema.
  private Object value(Struct schema) {
    if (random.nextInt(15) == 0 && !schema.struct("properties").has("spec")) {
      return FAULTS.get(random.nextInt(FAULTS.size()));
    }
    return switch (schema.string("type")) {
      case "object" -> {
        StructBuilder struct = new StructBuilder();
        Struct properties = schema.struct("properties");
        for (String name : properties.names()) {
          if (random.nextInt(4) > 0) {
            struct.put(name, value(properties.struct(name)));
          }
        }
        if (schema.get("additionalProperties") instanceof Struct others) {
          struct.put("key", value(others));
        }
        yield struct.build();
      }
      case "array" -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(schema.struct("items")));
        }
        yield List.copyOf(list);
      }
      case "integer" -> (long) random.nextInt(5);
      case "number" -> random.nextInt(5) / 2.0;
      case "boolean" -> random.nextBoolean();
      default -> random.nextBoolean() ? "Argo" : "90cm";
    };
  }

  /// A tree in which some values are others, or gone.
  private Struct changed(Struct tree, double chance) {
    StructBuilder changed = new StructBuilder();
    tree.forEach(
        (name, value) -> {
          if (random.nextDouble() > chance / 2) {
            changed.put(name, changedValue(value, chance));
          }
        });
    return changed.build();
  }

  private Object changedValue(Object value, double chance) {
    if (random.nextDouble() < chance) {
      return FAULTS.get(random.nextInt(FAULTS.size()));
    }
    return switch (value) {
      case Struct struct -> changed(struct, chance);
      case List<?> list -> {
        List<Object> changed = new ArrayList<>();
        list.forEach(element -> changed.add(changedValue(element, chance)));
        yield List.copyOf(changed);
      }
      default -> value;
    };
  }
}
