package dev.tiphys.apiserver.authorization.abac;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.apiserver.request.UserInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AbacTest {

  @TempDir Path directory;

  private Abac abac(String lines) throws IOException {
    return Abac.read(
        Files.writeString(directory.resolve("policies.jsonl"), lines.replace('\'', '"')));
  }

  private static String versioned(String spec) {
    return "{'apiVersion':'abac.authorization.kubernetes.io/v1beta1','kind':'Policy','spec':{"
        + spec
        + "}}\n";
  }

  /// @param request verb and path, or verb, resource, API group and namespace
  private static Attributes attributes(String user, String groups, String request) {
    String[] parts = request.split(" ", -1);
    UserInfo asking = UserInfo.of(user, groups.split("\\|"));
    Subject subject =
        parts[1].startsWith("/")
            ? new Subject.OfPath(parts[1])
            : new Subject.OfResource(parts[2], "v1", parts[1], "", parts[3], "");
    return new Attributes(asking, parts[0], subject);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          'user':'ann','namespace':'*','resource':'*','apiGroup':'*'; ann; g; create pods apps default; true
          'user':'ann','namespace':'*','resource':'*','apiGroup':'*'; bob; g; get pods apps default; false
          'user':'ann','namespace':'*','resource':'*','apiGroup':'*'; ann; g; get /version; false
          'user':'ann','namespace':'*','resource':'pods'; ann; g; get pods apps default; false
          'user':'ann','namespace':'a','resource':'pods'; ann; g; get pods  a; true
          'user':'ann','namespace':'a','resource':'pods'; ann; g; get pods  b; false
          'user':'ann','namespace':'a','resource':'pods','readonly':true; ann; g; watch pods  a; true
          'user':'ann','namespace':'a','resource':'pods','readonly':true; ann; g; delete pods  a; false
          'group':'g','nonResourcePath':'/version'; ann; g; get /version; true
          'group':'g','nonResourcePath':'/a*'; ann; g; post /abc; true
          'group':'g','nonResourcePath':'/a*','readonly':true; ann; g; post /abc; false
          'user':'ann','group':'g','nonResourcePath':'*'; ann; other; get /version; false
          'user':'*','nonResourcePath':'*'; ann; system:authenticated; get /version; true
          'user':'*','nonResourcePath':'*'; system:anonymous; system:unauthenticated; get /version; false
          'nonResourcePath':'*'; ann; g; get /version; false
          """)
  void aLineIsARight(String spec, String user, String groups, String request, boolean allowed)
      throws Exception {
    Decision decision = abac(versioned(spec)).decide(attributes(user, groups, request));

    assertThat(decision)
        .isEqualTo(allowed ? Decision.allow("") : Decision.noOpinion("No policy matched."));
  }

  @Test
  void anOldLineLeavesOutWhatDoesNotMatter() throws Exception {
    Abac abac =
        abac("# who may what\n\n{'user':'ann'}\n{'group':'g','resource':'pods','readonly':true}\n");

    assertThat(abac.decide(attributes("ann", "x", "delete pods apps a")).isAllowed()).isTrue();
    assertThat(abac.decide(attributes("ann", "x", "get /version")).isAllowed()).isTrue();
    assertThat(abac.decide(attributes("bob", "g", "get pods apps a")).isAllowed()).isTrue();
    assertThat(abac.decide(attributes("bob", "g", "get /version")).isAllowed()).isFalse();
  }

  @Test
  void rulesAreThoseOfTheUserInTheNamespace() throws Exception {
    Abac abac =
        abac(
            versioned("'user':'ann','namespace':'a','resource':'pods','readonly':true")
                + versioned("'user':'ann','namespace':'b','resource':'secrets'")
                + versioned("'user':'bob','namespace':'*','resource':'*'"));

    assertThat(abac.rulesFor(UserInfo.of("ann", "g"), "a").rules())
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.strings("resources")).containsExactly("pods");
              assertThat(rule.strings("verbs")).containsExactly("get", "list", "watch");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {"{'user':; line 2", "{'kind':'Pod','apiVersion':'v1'}; no kind"})
  void aLineThatCannotBeUsedIsNamed(String line, String fault) {
    assertThatThrownBy(() -> abac("{'user':'ann'}\n" + line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("error reading policy file")
        .hasMessageContaining(fault);
  }
}
