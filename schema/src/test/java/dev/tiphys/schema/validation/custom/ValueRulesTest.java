package dev.tiphys.schema.validation.custom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.Objects;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueRulesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          # schema of x ; x ; errors
          {'type':'string','pattern':'^a'} ; 'ab' ; []
          {'type':'string','pattern':'^a'} ; 'b' ; [x: Invalid value: "b": x in body should match '^a']
          {'type':'string','pattern':'(?i)^A$'} ; 'a' ; []
          {'type':'integer','multipleOf':3} ; 9 ; []
          {'type':'integer','multipleOf':3} ; 10 ; [x: Invalid value: 10: x in body should be a multiple of 3]
          {'type':'number','multipleOf':0.1} ; 0.3 ; []
          {'type':'number','multipleOf':0.5} ; 0.7 ; [x: Invalid value: 0.7: x in body should be a multiple of 0.5]
          {'type':'integer','maximum':2.5} ; 3 ; [x: Invalid value: 3: x in body should be less than or equal to 2]
          {'type':'number','maximum':1000000} ; 1000000.5 ; [x: Invalid value: 1000000.5: x in body should be less than or equal to 1e+06]
          {'type':'integer','exclusiveMaximum':true,'maximum':3} ; 3 ; [x: Invalid value: 3: x in body should be less than 3]
          {'type':'integer'} ; 3.0 ; []
          {'type':'integer','format':'int32'} ; 1.5 ; [x: Invalid value: "float64": x in body must be of type int32: "float64"]
          {'type':'string','format':'date-time'} ; 1 ; [x: Invalid value: "int64": x in body must be of type date-time: "int64"]
          {'type':'boolean'} ; 'true' ; [x: Invalid value: "string": x in body must be of type boolean: "string"]
          {'type':'string','nullable':true,'enum':['a']} ; null ; [x: Unsupported value: null: supported values: "a"]
          {'type':'string','nullable':true} ; null ; []
          {'type':'integer','enum':[1,2]} ; 1.0 ; []
          {'type':'integer','enum':[1,2]} ; 3 ; [x: Unsupported value: 3: supported values: "1", "2"]
          {'type':'object','minProperties':1} ; {} ; [x: Invalid value: 0: x in body should have at least 1 properties]
          {'type':'object','maxProperties':1} ; {'a':1,'b':2} ; [x: Too many: 2: must have at most 1 item]
          {'type':'object','anyOf':[{'required':['a']},{'required':['b']}]} ; {'a':1} ; []
          {'type':'object','anyOf':[{'required':['a']},{'required':['b']}]} ; {} ; [<nil>: Invalid value: "": "x" must validate at least one schema (anyOf), x.a: Required value]
          {'type':'object','oneOf':[{'required':['a']},{'required':['b']}]} ; {'a':1,'b':1} ; [<nil>: Invalid value: "": "x" must validate one and only one schema (oneOf). Found 2 valid alternatives]
          {'type':'object','oneOf':[{'required':['a']},{'required':['b']}]} ; {} ; [<nil>: Invalid value: "": "x" must validate one and only one schema (oneOf). Found none valid, x.a: Required value]
          {'type':'integer','allOf':[{'minimum':2},{'maximum':4}]} ; 3 ; []
          {'type':'integer','allOf':[{'minimum':2},{'maximum':4}]} ; 5 ; [x: Invalid value: 5: x in body should be less than or equal to 4, <nil>: Invalid value: "": "x" must validate all the schemas (allOf)]
          {'type':'integer','allOf':[{'minimum':2}]} ; 1 ; [x: Invalid value: 1: x in body should be greater than or equal to 2, <nil>: Invalid value: "": "x" must validate all the schemas (allOf). None validated]
          {'type':'string','not':{'enum':['a']}} ; 'a' ; [<nil>: Invalid value: "": "x" must not validate the schema (not)]
          {'type':'string','not':{'enum':['a']}} ; 'b' ; []
          {'x-kubernetes-int-or-string':true,'pattern':'^[0-9]+%$'} ; '5' ; [x: Invalid value: "5": x in body should match '^[0-9]+%$']
          {'x-kubernetes-int-or-string':true,'pattern':'^[0-9]+%$'} ; 5 ; []
          {'type':'object','x-kubernetes-preserve-unknown-fields':true} ; {'any':{'thing':1}} ; []
          """)
  void valuesAreHeldToTheirSchema(String schema, String value, String errors) {
    assertThat(errors(schema, value)).hasToString(errors);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          # format ; sound ; unsound
          bsonobjectid ; 507f1f77bcf86cd799439011 ; 507f
          uri ; https://example.com/a?b=c ; no uri
          uri ; /a/b ; a/b
          email ; a.b@example.com ; a@
          hostname ; a-b.example.com ; a_b
          ipv4 ; 192.168.0.1 ; 192.168.0
          ipv6 ; ::1 ; 1.2.3.4
          cidr ; 10.0.0.0/8 ; 10.0.0.0
          mac ; 01:23:45:67:89:ab ; 01:23
          uuid ; 123e4567-e89b-12d3-a456-426614174000 ; 123
          uuid3 ; 123e4567-e89b-32d3-a456-426614174000 ; 123e4567-e89b-12d3-a456-426614174000
          uuid4 ; 123e4567-e89b-42d3-a456-426614174000 ; 123e4567-e89b-42d3-c456-426614174000
          uuid5 ; 123e4567-e89b-52d3-a456-426614174000 ; 123e4567-e89b-42d3-a456-426614174000
          isbn ; 978-0321751041 ; 978-0321751042
          isbn10 ; 0321751043 ; 0321751044
          isbn13 ; 978-0321751041 ; 0321751043
          creditcard ; 4012-8888-8888-1881 ; 4012-8888-8888-1882
          ssn ; 123-45-6789 ; 12-345
          hexcolor ; #FFaa00 ; #FFaa0
          rgbcolor ; rgb(0, 255, 1) ; rgb(0, 256, 1)
          byte ; aGVsbG8= ; a=b
          date ; 2026-02-28 ; 2026-02-30
          date-time ; 2026-01-31T09:00:00.5+01:00 ; 2026-01-31
          datetime ; 2026-01-31T09:00:00Z ; 2026-01-31T25:00:00Z
          duration ; 1h30m ; soon
          duration ; 3 days ; days
          k8s-short-name ; a-b ; a.b
          k8s-long-name ; a-b.c ; A
          """)
  void formatsOfTextsAreKnown(String format, String sound, String unsound) {
    String schema = "{'type':'string','format':'" + format + "'}";

    assertThat(errors(schema, "'" + sound + "'")).hasToString("[]");
    assertThat(errors(schema, "'" + unsound + "'"))
        .hasToString(
            "[x: Invalid value: \"%s\": x in body must be of type %s: \"%s\"]"
                .formatted(unsound, format, unsound));
  }

  @ParameterizedTest
  @CsvSource({"string,unheard-of", "string,int32", "integer,date-time", "object,date"})
  void formatsThatNobodyKnowsAskForNothing(String type, String format) {
    Struct schema = Struct.of("type", type, "format", format);

    assertThat(TextFormats.known(schema)).isEmpty();
  }

  private static FieldErrors errors(String schema, String value) {
    Struct document = Objects.json("{'type':'object','properties':{'x':" + schema + "}}");
    FieldErrors errors = new FieldErrors();
    FieldValue object = FieldValue.top(errors, Objects.json("{'x':" + value + "}"));
    new ObjectRules(document).check(object, null);
    return errors;
  }
}
