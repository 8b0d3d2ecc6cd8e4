package dev.tiphys.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.encoding.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {

  private static final Struct OBJECT =
      Json.struct(
          """
          {"metadata":{"name":"a","labels":{"app.kubernetes.io/name":"web"}},
           "spec":{"size":3,"ratio":0.5,"on":false,"hosts":["x","y","z"],"none":null,
                   "deep":{"port":1,"more":{"port":2}}},
           "status":{"conditions":[{"type":"Ready","status":"True","age":2},
                                   {"type":"Other","status":"False","age":1}]}}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ".metadata.name | a",
        ".metadata['name'] | a",
        ".metadata.labels.app\\.kubernetes\\.io/name | web",
        ".metadata.labels['app.kubernetes.io/name'] | web",
        ".spec.size | 3",
        ".spec.on | false",
        ".spec.hosts[0] | x",
        ".spec.hosts[-1] | z",
        ".spec.hosts[1:] | y",
        ".spec.hosts[0:3:2] | x",
        ".spec.hosts[*] | x",
        ".spec.deep..port | 1",
        ".spec.deep.more.* | 2",
        ".status.conditions[?(@.type==\"Ready\")].status | True",
        ".status.conditions[?(@.type=='Other')].status | False",
        ".status.conditions[?(@.type!='Ready')].type | Other",
        ".status.conditions[?(@.age<2)].type | Other",
        ".status.conditions[?(@.age>=2)].type | Ready",
        ".status.conditions[?(@.missing)].type |",
        ".spec.none |",
        ".spec.hosts[7] |",
        ".spec.missing.further |"
      })
  void aPathLeadsToAValue(String path, String found) {
    Object first = JsonPath.parse(path).first(OBJECT);

    assertThat(first == null ? null : first.toString()).isEqualTo(found);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", ".a[", ".a[x]", ".a[?(@.b==)]", ".a['b]", ".a[::0]"})
  void whatIsNoPathIsRefused(String text) {
    assertThatThrownBy(() -> JsonPath.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
