package dev.tiphys.cli.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.why.WhyCommand.Kind;
import dev.tiphys.cli.why.WhyCommand.Question;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhyCommandTest {

  @Test
  void whatIsAskedAboutIsNamedWithItsKind() {
    assertThat(Question.of("pod/web")).isEqualTo(new Question(Kind.POD, "web"));
    assertThat(Question.of("deploy/web")).isEqualTo(new Question(Kind.DEPLOYMENT, "web"));
    assertThat(Question.of("sts/db")).isEqualTo(new Question(Kind.STATEFUL_SET, "db"));
    assertThat(Question.of("es/db")).isEqualTo(new Question(Kind.EXTERNAL_SECRET, "db"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "node/n", "pod/a/b", ""})
  void anythingElseIsRefused(String object) {
    assertThatThrownBy(() -> Question.of(object)).isInstanceOf(CliException.class);
  }

  @Test
  void allWorkloadsCanBeAskedAbout() {
    for (Workload each : Workload.values()) {
      assertThat(Question.of(each.plural() + "/web").kind().plural()).isEqualTo(each.plural());
    }
  }
}
