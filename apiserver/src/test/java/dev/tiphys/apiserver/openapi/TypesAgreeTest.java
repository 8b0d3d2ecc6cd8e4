package dev.tiphys.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.descriptions.Descriptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.Field;
import dev.tiphys.schema.FieldType;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What upstream's description of the API says of each type is what this server says in OpenAPI v3
/// and v2, and what it writes in protobuf: no field is missing, and none is there too many.
///
/// `types.json.gz` is upstream's description without its prose and without what only protobuf has.
class TypesAgreeTest {

  private static final String DEFINITION = "#/definitions/";

  private static final Set<Object> EMPTY = Set.of("", 0L, false, Struct.EMPTY);

  private static final Map<Object, Object> CONSTANTS =
      Map.of(
          "ref(AzureDataDiskCachingReadWrite)", "ReadWrite",
          "ref(AzureSharedBlobDisk)", "Shared");

  private static Struct facts = Struct.EMPTY;
  private static Struct third = Struct.EMPTY;
  private static Struct second = Struct.EMPTY;

  @BeforeAll
  static void load() throws IOException {
    try (InputStream in = TypesAgreeTest.class.getResourceAsStream("types.json.gz")) {
      assertThat(in).isNotNull();
      facts = Json.struct(new GZIPInputStream(in).readAllBytes());
    }
    Schemas schemas = new Schemas(Descriptions.load(), _ -> List.of(), true);
    facts.names().stream()
        .map(TypeTable.BUILT_IN::find)
        .filter(type -> type != null)
        .forEach(schemas::add);
    third = schemas.all();
    second = Swagger.document(Struct.EMPTY, Struct.EMPTY, schemas).struct("definitions");
  }

  /// Runs over all fields of all types that both sides have.
  private interface Check {
    void field(String where, Struct fact, Field field, Struct third, Struct second);
  }

  private static void each(Check check) {
    int types = 0;
    for (String name : third.names()) {
      Type type = TypeTable.BUILT_IN.find(name);
      if (type == null) {
        continue; // a scalar that is a type of its own
      }
      types++;
      Struct fields = facts.struct(name).struct("fields");
      for (Field field : type.fields()) {
        if (fields.has(field.name())) {
          check.field(
              name + "." + field.name(),
              fields.struct(field.name()),
              field,
              third.struct(name).struct("properties").struct(field.name()),
              second.struct(name).struct("properties").struct(field.name()));
        }
      }
    }
    assertThat(types).isGreaterThan(550);
  }

  private static void report(List<String> wrong) {
    assertThat(wrong).as("where the description is another one").isEmpty();
  }

  @Test
  void typesHaveTheSameFields() {
    Map<String, String> wrong = new TreeMap<>();
    for (String name : third.names()) {
      TreeSet<String> upstream = new TreeSet<>(facts.struct(name).struct("fields").names());
      TreeSet<String> v3 = new TreeSet<>(third.struct(name).struct("properties").names());
      TreeSet<String> v2 = new TreeSet<>(second.struct(name).struct("properties").names());
      if (!facts.has(name)) {
        wrong.put(name, "is no type of upstream's");
      } else if (!v3.equals(upstream) || !v2.equals(upstream)) {
        wrong.put(name, upstream + " but v3 " + v3 + " and v2 " + v2);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void fieldsHoldTheSame() {
    List<String> wrong = new ArrayList<>();
    each(
        (where, fact, _, v3, v2) -> {
          String upstream = form(fact);
          if (!upstream.equals(described(v3)) || !upstream.equals(described(v2))) {
            wrong.add(where + ": " + upstream + " but " + described(v3) + " and " + described(v2));
          }
        });
    report(wrong);
  }

  private static String form(Struct fact) {
    if (fact.has("list")) {
      return "[" + form(fact.struct("list")) + "]";
    }
    if (fact.has("map")) {
      return "{" + form(fact.struct("map")) + "}";
    }
    return fact.has("ref") ? fact.string("ref") : fact.string("type") + "/" + fact.string("format");
  }

  private static String described(Struct property) {
    if (property.has("allOf")) {
      return described(property.structs("allOf").getFirst());
    }
    String reference = property.string("$ref");
    if (!reference.isEmpty()) {
      return reference.replace(DEFINITION, "").replace(Schemas.PREFIX, "");
    }
    if (property.has("items")) {
      return "[" + described(property.struct("items")) + "]";
    }
    if (property.has("additionalProperties")) {
      return "{" + described(property.struct("additionalProperties")) + "}";
    }
    return property.string("type") + "/" + property.string("format");
  }

  @Test
  void fieldsMergeAlike() {
    List<String> wrong = new ArrayList<>();
    each(
        (where, fact, _, v3, v2) -> {
          String upstream =
              String.join(
                  " ",
                  fact.string("listType"),
                  fact.strings("listMapKeys").toString(),
                  fact.string("patchStrategy"),
                  fact.string("patchMergeKey"));
          for (Struct property : List.of(v3, v2)) {
            String own =
                String.join(
                    " ",
                    property.string("x-kubernetes-list-type"),
                    property.strings("x-kubernetes-list-map-keys").toString(),
                    property.string("x-kubernetes-patch-strategy"),
                    property.string("x-kubernetes-patch-merge-key"));
            if (!own.equals(upstream)) {
              wrong.add(where + ": " + upstream + " but " + own);
            }
          }
        });
    report(wrong);
  }

  @Test
  void theSameFieldsAreRequired() {
    Map<String, String> wrong = new TreeMap<>();
    for (String name : third.names()) {
      TreeSet<String> upstream = new TreeSet<>();
      facts
          .struct(name)
          .struct("fields")
          .forEach(
              (field, fact) -> {
                if (fact instanceof Struct struct && struct.bool("required")) {
                  upstream.add(field);
                }
              });
      TreeSet<String> v3 = new TreeSet<>(third.struct(name).strings("required"));
      TreeSet<String> v2 = new TreeSet<>(second.struct(name).strings("required"));
      if (facts.has(name) && (!v3.equals(upstream) || !v2.equals(upstream))) {
        wrong.put(name, upstream + " but v3 " + v3 + " and v2 " + v2);
      }
    }
    assertThat(wrong).isEmpty();
  }

  /// Upstream's published description leaves out the empty values that fields always have.
  @Test
  void defaultsAreTheSame() {
    List<String> wrong = new ArrayList<>();
    each(
        (where, fact, _, v3, _) -> {
          Object upstream = fact.get("default");
          Object own = v3.get("default");
          boolean same =
              upstream == null ? own == null || EMPTY.contains(own) : stated(upstream).equals(own);
          if (!same) {
            wrong.add(where + ": " + upstream + " but " + own);
          }
        });
    report(wrong);
  }

  /// A constant of upstream's is named by its type and value.
  private static Object stated(Object upstream) {
    return CONSTANTS.getOrDefault(upstream, upstream);
  }

  @Test
  void protobufHasTheSameNumbersAndTypes() {
    List<String> wrong = new ArrayList<>();
    each(
        (where, fact, field, _, _) -> {
          List<?> proto = fact.list("proto");
          List<Integer> own = field.proto();
          if (proto.isEmpty() || own.size() > 1) {
            return; // in JSON alone, or nested there otherwise
          }
          boolean repeated = proto.get(1).equals("repeated");
          boolean map = proto.get(1).equals("map");
          if (own.isEmpty() || own.getFirst() != ((Number) proto.getFirst()).intValue()) {
            wrong.add(where + ": " + proto + " but " + own);
          } else if (repeated != field.type() instanceof FieldType.ListOf
              || map != field.type() instanceof FieldType.MapOf) {
            wrong.add(where + ": " + proto + " but " + field.type());
          }
        });
    report(wrong);
  }

  @Test
  void typesMergeAlike() {
    Map<String, String> wrong = new TreeMap<>();
    for (String name : third.names()) {
      String upstream = facts.struct(name).string("mapType");
      String v3 = third.struct(name).string("x-kubernetes-map-type");
      String v2 = second.struct(name).string("x-kubernetes-map-type");
      if (facts.has(name) && (!v3.equals(upstream) || !v2.equals(upstream))) {
        wrong.put(name, upstream + " but v3 " + v3 + " and v2 " + v2);
      }
    }
    assertThat(wrong).isEmpty();
  }
}
