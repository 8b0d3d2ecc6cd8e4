package dev.tiphys.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.schema.structural.StructuralSchema;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TablesTest {

  private static final List<Resource> RESOURCES = ResourceTable.builtIn();

  @Test
  void everyTypeThatIsReachedFromAResourceExists() {
    Set<Type> seen = reachable();

    assertThat(seen).hasSizeGreaterThan(450);
    assertThat(seen).extracting(Type::shortName).contains("Pod", "Container", "ObjectMeta");
  }

  @Test
  void noTwoFieldsOfATypeShareAProtobufNumber() {
    for (Type type : reachable()) {
      List<List<Integer>> numbers =
          type.fields().stream().map(Field::proto).filter(path -> !path.isEmpty()).toList();
      assertThat(numbers).as(type.name()).doesNotHaveDuplicates();
    }
  }

  @Test
  void everyMergeKeyIsAFieldOfItsElements() {
    for (Type type : reachable()) {
      for (Field field : type.fields()) {
        Type content = field.content();
        for (String key : field.merging().keys()) {
          assertThat(content).as(type.name() + "." + field.name()).isNotNull();
          assertThat(content.fieldNamed(key)).as(type.name() + "." + field.name()).isNotNull();
        }
      }
    }
  }

  @Test
  void everyEnumerationHasValues() {
    for (Type type : reachable()) {
      for (Field field : type.fields()) {
        if (field.enumName() != null) {
          assertThat(
                  TypeTable.BUILT_IN.enumeration(
                      TypeTable.packageOf(type.name()), field.enumName()))
              .as(type.name() + "." + field.name())
              .isNotEmpty();
        }
      }
    }
  }

  @Test
  void resourcesAreWhatUpstreamServes() {
    Resource pods = named("pods");

    assertThat(pods.groupVersion()).hasToString("v1");
    assertThat(pods.shortNames()).containsExactly("po");
    assertThat(pods.verbs())
        .containsExactly(
            "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    assertThat(pods.subresources())
        .extracting(Resource.Subresource::name)
        .contains("status", "log", "exec", "binding", "eviction");
    assertThat(named("deployments").groupResource()).isEqualTo("deployments.apps");
    assertThat(named("nodes").storage()).isNotNull();
    assertThat(named("nodes").storage().prefix()).isEqualTo("minions");
  }

  @Test
  void everyStoredResourceCanBeReadAndHasColumns() {
    for (Resource resource : RESOURCES) {
      if (resource.storage() != null) {
        assertThat(resource.verbs()).as(resource.toString()).contains("get", "list", "watch");
        assertThat(resource.columns()).as(resource.toString()).isNotEmpty();
        assertThat(typeOf(resource).fieldNamed("metadata")).as(resource.toString()).isNotNull();
      }
    }
  }

  private static Type typeOf(Resource resource) {
    return switch (resource.schema()) {
      case Type type -> type;
      case StructuralSchema schema -> throw new AssertionError(schema + " is in no table");
    };
  }

  private static Resource named(String plural) {
    return RESOURCES.stream().filter(r -> r.plural().equals(plural)).findFirst().orElseThrow();
  }

  static Set<Type> reachable() {
    Set<Type> seen = new HashSet<>();
    Deque<Type> next = new ArrayDeque<>();
    RESOURCES.forEach(resource -> next.add(typeOf(resource)));
    while (!next.isEmpty()) {
      Type type = next.poll();
      if (seen.add(type)) {
        for (Field field : type.fields()) {
          Type content = field.content();
          if (content != null) {
            next.add(content);
          }
        }
      }
    }
    return seen;
  }
}
