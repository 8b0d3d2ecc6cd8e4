package dev.tiphys.apiserver.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What stands in a document of OpenAPI v2 stands in the one of v3 that is made from it.
class SwaggerConversionTest {

  private static Struct json(String text) {
    return Json.struct(text.replace('\'', '"').getBytes(UTF_8));
  }

  private static Struct converted(String document) {
    return SwaggerConversion.of(json(document));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'in':'query','name':'a','type':'string','description':'d'};"
            + "{'parameters':[{'in':'query','name':'a','description':'d','schema':{'type':'string'}}]}",
        "{'in':'query','name':'a','type':'array','items':{'type':'string'},'collectionFormat':'multi'};"
            + "{'parameters':[{'in':'query','name':'a','explode':true,"
            + "'schema':{'type':'array','items':{'type':'string'}}}]}",
        "{'in':'body','name':'body','required':true,'schema':{'$ref':'#/definitions/X'}};"
            + "{'requestBody':{'content':{'a/b':{'schema':{'$ref':'#/components/schemas/X'}}},"
            + "'required':true}}",
        "{'$ref':'#/parameters/body'};"
            + "{'requestBody':{'content':{'a/b':{'schema':{'type':'object'}}}}}",
        "{'$ref':'#/parameters/plain'};{'parameters':[{'$ref':'#/components/parameters/plain'}]}",
        "{'in':'formData','name':'f','type':'integer'};"
            + "{'requestBody':{'content':{'a/b':{'schema':{'properties':{'f':{'type':'integer'}},"
            + "'type':'object'}}}}}",
      })
  void aParameterIsSentInItsPlace(String parameter, String operation) {
    Struct document =
        converted(
            "{'swagger':'2.0','consumes':['a/b'],'parameters':{"
                + "'body':{'in':'body','name':'body','schema':{'type':'object'}},"
                + "'plain':{'in':'query','name':'p','type':'string'}},"
                + "'paths':{'/x':{'post':{'parameters':["
                + parameter
                + "]}}}}");

    assertThat(document.struct("paths").struct("/x").struct("post")).isEqualTo(json(operation));
    assertThat(document.struct("components", "parameters"))
        .isEqualTo(json("{'plain':{'in':'query','name':'p','schema':{'type':'string'}}}"));
  }

  @Test
  void whatIsAnsweredHasTheFormsThatAreProduced() {
    Struct document =
        converted(
            "{'swagger':'2.0','info':{'title':'t'},'paths':{'/x':{'get':{'produces':['a/b','c/d'],"
                + "'responses':{'200':{'description':'OK','schema':{'type':'array',"
                + "'items':{'$ref':'#/definitions/X'}},'headers':{'h':{'type':'string'}}},"
                + "'401':{'$ref':'#/responses/no'}}}}},"
                + "'responses':{'no':{'description':'no','schema':{'type':'string'}}}}");

    String list = "{'schema':{'type':'array','items':{'$ref':'#/components/schemas/X'}}}";
    assertThat(document)
        .isEqualTo(
            json(
                "{'openapi':'3.0.0','info':{'title':'t'},'paths':{'/x':{'get':{'responses':{"
                    + "'200':{'description':'OK','content':{'a/b':"
                    + list
                    + ",'c/d':"
                    + list
                    + "},'headers':{'h':{'schema':{'type':'string'}}}},"
                    + "'401':{'$ref':'#/components/responses/no'}}}}},"
                    + "'components':{'responses':{'no':{'description':'no','content':{"
                    + "'application/json':{'schema':{'type':'string'}}}}}}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'type':'basic'};{'type':'http','scheme':'basic'}",
        "{'type':'apiKey','in':'header','name':'authorization'};"
            + "{'type':'apiKey','in':'header','name':'authorization'}",
        "{'type':'oauth2','flow':'accessCode','authorizationUrl':'a','tokenUrl':'t','scopes':{'s':'d'}};"
            + "{'flows':{'authorizationCode':{'authorizationUrl':'a','tokenUrl':'t',"
            + "'scopes':{'s':'d'}}},'type':'oauth2'}",
      })
  void waysToProveOneselfStay(String old, String scheme) {
    Struct document = converted("{'securityDefinitions':{'one':" + old + "}}");

    assertThat(document.struct("components", "securitySchemes").struct("one"))
        .isEqualTo(json(scheme));
  }
}
