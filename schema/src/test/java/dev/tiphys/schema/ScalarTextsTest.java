package dev.tiphys.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.encoding.ProtoWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalarTextsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "''; -1",
        "YQ==; -1",
        "YWI=; -1",
        "YWJj; -1",
        "YW|Jj; -1",
        "!; 0",
        "YQ; 0",
        "YQ=; 3",
        "YWJjZ; 4",
        "YQ==x; 4",
        "Y=; 1",
        "=; 0",
        "YQ=x; 3",
        "YWJj!; 4",
      })
  void base64IsRefusedWhereGosDecoderStops(String text, int wrong) {
    assertThat(Base64Text.firstWrong(text.replace('|', '\n'))).isEqualTo(wrong);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 0",
        "1h; 3600000000000",
        "1h2m3.5s; 3723500000000",
        "-1ms; -1000000",
        "+2us; 2000",
        ".5s; 500000000",
        "1.s; 1000000000",
      })
  void spansOfTimeAreReadAsGoDoes(String text, long nanos) {
    assertThat(GoDuration.nanos(text)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; time: invalid duration \"\"",
        "abc; time: invalid duration \"abc\"",
        "5; time: missing unit in duration \"5\"",
        "5x; time: unknown unit \"x\" in duration \"5x\"",
        "1s5; time: missing unit in duration \"1s5\"",
        "300000000h; time: invalid duration \"300000000h\"",
      })
  void whatIsNoSpanOfTimeIsRefusedInGosWords(String text, String message) {
    assertThatThrownBy(() -> GoDuration.nanos(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void messagesAreNestedNoDeeperThanTheyCanBeRead() {
    Type schemas = TypeTable.BUILT_IN.jsonSchema();
    int not = schemas.fieldNamed("not").proto().getFirst();
    ProtoWriter out = new ProtoWriter(64);
    int mark = out.mark();
    for (int i = 0; i < 5_000; i++) {
      out.message(not, mark);
    }
    byte[] deep = out.toBytes();

    assertThatThrownBy(() -> ProtobufCodec.decodeMessage(deep, schemas))
        .hasMessage("protobuf: exceeded max depth");
  }
}
