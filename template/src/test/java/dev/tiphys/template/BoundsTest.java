package dev.tiphys.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.world.VirtualWorld;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No template can hang its executor or fill its memory.
class BoundsTest {

  private static final Functions FUNCTIONS = Functions.externalSecrets(new VirtualWorld(1));

  private static void execute(String text) {
    Template.parse("t", text, FUNCTIONS).execute(Map.of("a", "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ repeat 1000000000 \"x\" }}",
        "{{ repeat 9223372036854775807 \"xx\" }}",
        "{{ $x := \"x\" }}{{ range until 60 }}{{ $x = print $x $x }}{{ end }}",
        "{{ $x := \"x\" }}{{ range until 60 }}{{ $x = replace \"x\" \"xxxx\" $x }}{{ end }}",
        "{{ $x := \"x\" }}{{ range until 60 }}{{ $x = cat $x $x }}{{ end }}",
        "{{ $x := \"x\" }}{{ range until 60 }}{{ $x = regexReplaceAll \"x\" $x \"xx\" }}{{ end }}",
        "{{ $x := list 1 }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}{{ $x }}",
        "{{ $x := list 1 }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}{{ toJson $x }}",
        "{{ $x := list 1 }}{{ range until 60 }}{{ $x = concat $x $x }}{{ end }}",
        "{{ indent 1000000000 \"x\" }}",
        "{{ range until 100 }}{{ printf \"%1000000d\" 1 }}{{ end }}",
        "{{ randAlphaNum 1000000000 }}",
        "{{ randBytes 1000000000 }}",
        "{{ wrapWith 1 (repeat 10000 \"x\") (repeat 100000 \"y\") }}",
        "{{ join (repeat 1000000 \"x\") (until 1000) }}"
      })
  void text_is_bounded(String text) {
    assertThatThrownBy(() -> execute(text))
        .isInstanceOf(TemplateException.class)
        .hasMessageMatching(
            "(?s)template: t:1.*the template (makes too much text|takes too many steps)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ range until 10000 }}{{ range until 10000 }}{{ end }}{{ end }}",
        "{{ range 9000000000000000000 }}{{ end }}",
        "{{ define \"x\" }}{{ range until 100 }}{{ template \"x\" }}{{ end }}{{ end }}{{ range 9000000000 }}{{ end }}",
        "{{ range until 1000 }}{{ $c := genCA \"x\" 1 }}{{ end }}",
        "{{ range until 1000 }}{{ $c := bcrypt \"x\" }}{{ end }}",
        "{{ $x := list 1 }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}{{ deepEqual $x (deepCopy $x) }}"
      })
  void steps_are_bounded(String text) {
    assertThatThrownBy(
            () ->
                Template.parse("t", text, FUNCTIONS)
                    .limits(new Limits(300_000, 64 << 20))
                    .execute(null))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("the template takes too many steps");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ until 1000000000 }}",
        "{{ untilStep 0 1000000000 1 }}",
        "{{ seq 0 1000000000 }}",
        "{{ untilStep 0 9223372036854775807 9000000000000000000 }}{{ until 9223372036854775807 }}"
      })
  void sequences_are_bounded(String text) {
    assertThatThrownBy(() -> execute(text))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("the template takes too many steps");
  }

  @Test
  void templates_that_call_themselves_end() {
    assertThatThrownBy(
            () -> execute("{{ define \"x\" }}{{ template \"x\" }}{{ end }}{{ template \"x\" }}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("exceeded maximum template depth (100000)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ $d }}",
        "{{ toJson $d }}",
        "{{ deepCopy $d }}",
        "{{ $e := merge (dict \"s\" (dict)) $d $d }}{{ deepEqual $d (dict \"s\" $d) }}{{ printf \"%#v\" $d }}"
      })
  void a_map_that_contains_itself_is_told(String use) {
    assertThatThrownBy(() -> execute("{{ $d := dict }}{{ $_ := set $d \"s\" $d }}" + use))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("a value is nested too deeply, or contains itself");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "{{ if 1 }}", "{{ with 1 }}"})
  void nesting_in_the_text_is_bounded(String part) {
    String text = part.equals("(") ? "{{ " + "(".repeat(100_000) : part.repeat(100_000);
    assertThatThrownBy(() -> execute(text))
        .isInstanceOf(TemplateException.class)
        .hasMessage("template: t:1: actions are nested too deeply");
  }

  @Test
  void regular_expressions_take_linear_time() {
    String text = "{{ regexMatch \"(a*)*b\" (repeat 100000 \"a\") }}";
    assertThat(Template.parse("t", text, FUNCTIONS).execute(null)).isEqualTo("false");
    assertThatThrownBy(() -> execute("{{ regexFind \"((a{1000}){1000}){1000}\" \"a\" }}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("invalid repeat count");
  }
}
