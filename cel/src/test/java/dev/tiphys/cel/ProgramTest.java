package dev.tiphys.cel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramTest {

  @Test
  void aProgramKnowsWhichVariablesItNames() throws CompileException {
    String old = new StringBuilder("Self").insert(0, "old").toString(); // another instance
    Program program =
        Environment.of(List.of())
            .with("self", Type.INT)
            .with(old, Type.INT)
            .compile("self == oldSelf");

    assertThat(program.uses("oldSelf")).isTrue();
    assertThat(program.uses("self")).isTrue();
    assertThat(program.uses("other")).isFalse();
  }
}
