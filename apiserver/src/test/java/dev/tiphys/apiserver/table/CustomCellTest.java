package dev.tiphys.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomCellTest {

  private static final Struct OBJECT =
      Json.struct(
          """
          {"metadata":{"name":"a"},
           "spec":{"size":3,"ratio":0.5,"on":false,"hosts":["x","y","z"]}}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ".spec.hosts | string | [\"x\",\"y\",\"z\"]",
        ".spec.size | string | 3",
        ".spec.size | integer | 3",
        ".spec.size | number | 3.0",
        ".spec.ratio | integer | 0",
        ".spec.on | boolean | false",
        ".metadata.name | integer |",
        ".metadata.name | date | <invalid>",
        ".spec.missing | date |"
      })
  void aCellShowsWhatTheTypeOfItsColumnWants(String path, String type, String shown) {
    Object cell = CustomCell.parse("{" + path + "}", type).of(OBJECT, Instant.EPOCH);

    assertThat(cell == null ? null : cell.toString()).isEqualTo(shown);
  }
}
