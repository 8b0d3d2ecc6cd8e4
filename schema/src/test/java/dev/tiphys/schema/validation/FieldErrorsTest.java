package dev.tiphys.schema.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.Objects;
import dev.tiphys.schema.validation.FieldError.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldErrorsTest {

  @Test
  void oneErrorIsTheMessage() {
    FieldErrors errors = new FieldErrors();
    errors.add(new FieldError(Type.REQUIRED, "spec.ports[0].name", null, ""));

    assertThat(errors.message()).isEqualTo("spec.ports[0].name: Required value");
  }

  @Test
  void severalErrorsAreListedAndEqualOnesToldOnce() {
    FieldErrors errors = new FieldErrors();
    errors.add(new FieldError(Type.REQUIRED, "a", null, ""));
    errors.add(new FieldError(Type.INVALID, "b", "\"x\"", "bad"));
    errors.add(new FieldError(Type.REQUIRED, "a", null, ""));

    assertThat(errors.message()).isEqualTo("[a: Required value, b: Invalid value: \"x\": bad]");
    assertThat(errors.causes())
        .hasSize(3)
        .startsWith(
            Objects.json("{'field':'a','message':'Required value','reason':'FieldValueRequired'}"));
  }

  @Test
  void equalErrorsAloneNeedNoBrackets() {
    FieldErrors errors = new FieldErrors();
    errors.add(new FieldError(Type.FORBIDDEN, "a", null, "no"));
    errors.add(new FieldError(Type.FORBIDDEN, "a", null, "no"));

    assertThat(errors.message()).isEqualTo("a: Forbidden: no");
  }

  @Test
  void pathsNameFieldsElementsAndKeys() {
    Struct object = Objects.json("{'spec':{'ports':[{'name':'a'}],'limits':{'cpu':'1'}}}");
    FieldValue top = FieldValue.top(new FieldErrors(), object);

    assertThat(top.at("spec", "ports").at(0).at("name").path()).isEqualTo("spec.ports[0].name");
    assertThat(top.at("spec", "limits").key("cpu").path()).isEqualTo("spec.limits[cpu]");
    assertThat(top.wholeObject().path()).isEqualTo("[]");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`{\"a\":\"plain\"}`, `\"plain\"`",
        "`{\"a\":\"line\\nbreak \\\"quoted\\\"\"}`, `\"line\\nbreak \\\"quoted\\\"\"`",
        "`{\"a\":\"\\u0001\\u00a0\\u00e4\"}`, `\"\\x01\\u00a0ä\"`",
        "`{\"a\":5}`, 5",
        "`{\"a\":true}`, true",
        "`{\"a\":[\"x\"]}`, `[\"x\"]`",
        "`{\"a\":{\"x\":\"<\"}}`, `{\"x\":\"\\u003c\"}`",
        "{}, null",
      })
  void valuesAreShownAsGoShowsThem(String object, String shown) {
    FieldErrors errors = new FieldErrors();

    FieldValue.top(errors, dev.tiphys.object.encoding.Json.struct(object)).at("a").invalid("bad");

    assertThat(errors.message()).isEqualTo("a: Invalid value: " + shown + ": bad");
  }
}
