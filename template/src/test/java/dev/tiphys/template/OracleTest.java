package dev.tiphys.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Templates come to what Go and Sprig make of them, errors included.
///
/// The tables were written by Go 1.19 and Sprig 3.2.3 as Debian 12 has them (packages `golang-go`
/// and `golang-github-masterminds-sprig-dev`). To repeat it, build `src/test/oracle/oracle.go` with
/// `GO111MODULE=off GOPATH=/usr/share/gocode go build`, and give it lines of JSON with `template`,
/// `data` and perhaps `missing`, in the time zone UTC. `random.jsonl` is drawn from 12,000
/// templates that put functions, values, verbs and actions together by chance; all of them were
/// compared. `newer.jsonl` is written by hand: what later versions of Go added.
class OracleTest {

  @TestFactory
  Stream<DynamicTest> the_language() throws IOException {
    return tests("language.jsonl", Functions.builtins());
  }

  @TestFactory
  Stream<DynamicTest> what_later_versions_of_the_language_added() throws IOException {
    return tests("newer.jsonl", Functions.builtins());
  }

  @TestFactory
  Stream<DynamicTest> functions_of_sprig() throws IOException {
    return tests("sprig.jsonl", Functions.sprig(new VirtualWorld(1)));
  }

  @TestFactory
  Stream<DynamicTest> actions_nested_by_chance() throws IOException {
    return tests("nested.jsonl", Functions.builtins());
  }

  @TestFactory
  Stream<DynamicTest> templates_made_by_chance() throws IOException {
    return tests("random.jsonl", Functions.sprig(new VirtualWorld(1)));
  }

  private static Stream<DynamicTest> tests(String table, Functions functions) throws IOException {
    return Tables.read(table).stream()
        .map(each -> DynamicTest.dynamicTest(each.template(), () -> check(each, functions)));
  }

  private static void check(Tables.Case each, Functions functions) {
    String outcome;
    boolean failed = false;
    try {
      outcome =
          Template.parse("t", each.template(), functions)
              .missingKey(each.missing())
              .execute(each.data());
    } catch (TemplateException e) {
      outcome = e.getMessage();
      failed = true;
    }
    assertThat(outcome).isEqualTo(each.wanted());
    assertThat(failed).isEqualTo(each.fails());
  }
}
