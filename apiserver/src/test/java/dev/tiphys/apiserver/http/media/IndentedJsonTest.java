package dev.tiphys.apiserver.http.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndentedJsonTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{} | {}",
        "[{}, []] | [_  {},_  []_]",
        "{\"a\":1,\"b\":[true,null]} | {_  \"a\": 1,_  \"b\": [_    true,_    null_  ]_}",
        "{\"{,:\\\\\\\"[\":\"\\\\\"} | {_  \"{,:\\\\\\\"[\": \"\\\\\"_}",
        "{\"ü\":\"a b\"} | {_  \"ü\": \"a b\"_}",
      })
  void eachFieldAndElementHasALine(String json, String indented) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new IndentedJson(bytes)) {
      out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
    }

    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(indented.replace('_', '\n'));
  }
}
