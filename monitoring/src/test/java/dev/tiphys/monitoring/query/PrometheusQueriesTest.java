package dev.tiphys.monitoring.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrometheusQueriesTest {

  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

  private final List<String> asked = new ArrayList<>();

  @Test
  void aVectorHasTheLastSampleOfEachSeries() throws Exception {
    QueryResult result =
        answering(
                "{'status':'success','data':{'resultType':'vector','result':["
                    + "{'metric':{'__name__':'up','job':'a\\u0022b'},'value':[1777636800.25,'1']},"
                    + "{'metric':{},'value':[1777636800,'NaN']}]},'warnings':['slow']}")
            .instant("sum(up) by (job)", Optional.of(NOON));

    assertThat(asked)
        .containsExactly("/api/v1/query?query=sum%28up%29+by+%28job%29&time=1777636800.000");
    assertThat(result.series()).hasSize(2);
    assertThat(result.series().getFirst().toString()).isEqualTo("up{job=\"a\\\"b\"}");
    assertThat(result.series().getFirst().last())
        .isEqualTo(new Series.Sample(NOON.plusMillis(250), 1, "1"));
    assertThat(result.series().getLast().last().number()).isNaN();
    assertThat(result.warnings()).containsExactly("slow");
  }

  @Test
  void aMatrixHasThemAll() throws Exception {
    QueryResult result =
        answering(
                "{'status':'success','data':{'resultType':'matrix','result':["
                    + "{'metric':{'__name__':'up'},'values':[[1777636800,'0'],[1777636815,'+Inf']]}]}}")
            .range("up", NOON, NOON.plusSeconds(15), Duration.ofSeconds(15));

    assertThat(asked)
        .containsExactly(
            "/api/v1/query_range?query=up&start=1777636800.000&end=1777636815.000&step=15.000");
    assertThat(result.series().getFirst().samples())
        .extracting(Series.Sample::number)
        .containsExactly(0d, Double.POSITIVE_INFINITY);
    assertThat(result.series().getFirst().toString()).isEqualTo("up");
  }

  @Test
  void aScalarIsASeriesWithoutLabelsAndAStringATextOfItsOwn() throws Exception {
    assertThat(
            answering("{'status':'success','data':{'resultType':'scalar','result':[1,'4']}}")
                .instant("4", Optional.empty())
                .series()
                .getFirst()
                .last()
                .number())
        .isEqualTo(4);
    assertThat(
            answering("{'status':'success','data':{'resultType':'string','result':[1,'a']}}")
                .instant("'a'", Optional.empty())
                .text())
        .isEqualTo("a");
  }

  /// As the document's third query is answered, which is no PromQL.
  @Test
  void aRefusalIsPrometheusOwn() {
    PrometheusQueries queries =
        answering(
            "{'status':'error','errorType':'bad_data','error':'1:9: parse error: unexpected <by>'}");

    assertThatThrownBy(() -> queries.instant("rate(a) by (b)", Optional.empty()))
        .isInstanceOfSatisfying(
            QueryException.class,
            e -> {
              assertThat(e.isRefusal()).isTrue();
              assertThat(e.message()).isEqualTo("1:9: parse error: unexpected <by>");
            });
  }

  @Test
  void whatIsNoSampleIsSaid() {
    for (String value : List.of("[1]", "[1,2]", "[1,'two']")) {
      PrometheusQueries queries =
          answering("{'status':'success','data':{'resultType':'scalar','result':" + value + "}}");
      assertThatThrownBy(() -> queries.instant("1", Optional.empty()))
          .isInstanceOf(QueryException.class)
          .hasMessageStartingWith("Prometheus answered with what is no");
    }
  }

  @Test
  void seriesAreFoundBySelectors() throws Exception {
    List<Struct> found =
        answering("{'status':'success','data':[{'__name__':'up','job':'a'}]}")
            .series(List.of("up", "{job=\"a\"}"), NOON, NOON.plusSeconds(1));

    assertThat(asked)
        .containsExactly(
            "/api/v1/series?match%5B%5D=up&match%5B%5D=%7Bjob%3D%22a%22%7D"
                + "&start=1777636800.000&end=1777636801.000");
    assertThat(found).containsExactly(Struct.of("__name__", "up", "job", "a"));
  }

  private PrometheusQueries answering(String body) {
    return new PrometheusQueries(
        path -> {
          asked.add(path);
          return Json.struct(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        });
  }
}
