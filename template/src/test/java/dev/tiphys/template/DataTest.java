package dev.tiphys.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.world.VirtualWorld;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What data is, and what becomes of it.
class DataTest {

  private static final Functions FUNCTIONS = Functions.sprig(new VirtualWorld(1));

  private static String execute(String text, Object data) {
    return Template.parse("t", text, FUNCTIONS).execute(data);
  }

  @Test
  void values_have_the_types_that_go_would_give_them() {
    Map<String, Object> data = new HashMap<>();
    data.put("int", 1);
    data.put("long", 1L);
    data.put("double", 1.5);
    data.put("decimal", new BigDecimal("2.50"));
    data.put("bytes", new byte[] {1, 2});
    data.put("none", null);
    data.put("list", List.of("a"));
    String types = "{{ range $k, $v := . }}{{ $k }}={{ typeOf $v }};{{ end }}{{ .decimal }}";
    assertThat(execute(types, data))
        .isEqualTo(
            "bytes=[]uint8;decimal=float64;double=float64;int=int;list=[]interface {};long=int64;"
                + "none=<nil>;2.5");
  }

  @Test
  void texts_of_strings_may_be_any_bytes() {
    byte[] binary = {(byte) 0xff, 0, (byte) 0x80, 'a'};
    Strings data = Strings.of(Map.of("k", binary, "t", "é".getBytes(StandardCharsets.UTF_8)));
    Template template = Template.parse("t", "{{ .k }}", FUNCTIONS).missingKey(MissingKey.ERROR);
    assertThat(template.bytes(data)).isEqualTo(binary);
    assertThat(execute("{{ typeOf . }} {{ len .k }} {{ .t }} {{ len .t }}", data))
        .isEqualTo("map[string]string 4 é 2");
    assertThat(execute("{{ .k | b64enc | b64dec | eq .k }}", data)).isEqualTo("true");
    assertThatThrownBy(
            () ->
                Template.parse("k", "{{ .nope }}", FUNCTIONS)
                    .missingKey(MissingKey.ERROR)
                    .execute(data))
        .hasMessage(
            "template: k:1:3: executing \"k\" at <.nope>: map has no entry for key \"nope\"");
    assertThatThrownBy(() -> execute("{{ get . \"k\" }}", data))
        .hasMessage(
            "template: t:1:7: executing \"t\" at <.>: wrong type for value; expected"
                + " map[string]interface {}; got map[string]string");
  }

  @Test
  void data_is_not_changed() {
    Map<String, Object> data = new HashMap<>(Map.of("a", 1));
    assertThat(execute("{{ $_ := set . \"b\" 2 }}{{ . }}", data)).isEqualTo("map[a:1 b:2]");
    assertThat(data).containsOnlyKeys("a");
  }

  @Test
  void trees_are_data() {
    assertThat(execute("{{ .a.b }}", Struct.of("a", Struct.of("b", "c")))).isEqualTo("c");
  }

  @Test
  void other_delimiters_do() {
    Template template =
        Template.parse("t", "{{ x }} [[ .a ]]", new Delimiters("[[", "]]"), FUNCTIONS);
    assertThat(template.execute(Map.of("a", "b"))).isEqualTo("{{ x }} b");
  }

  @Test
  void names_are_told_as_they_are() {
    assertThatThrownBy(() -> Template.parse("é", "{{ é }}", FUNCTIONS))
        .hasMessage("template: é:1: function \"é\" not defined");
  }
}
