package dev.tiphys.node.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusPatchTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          # before; now; the status in the patch
          {}; {phase: Running}; {"phase":"Running"}
          {phase: Running, message: x}; {phase: Running}; {"message":null}
          {}; {podIPs: [{ip: 10.0.0.1}]}; {"podIPs":[{"ip":"10.0.0.1"}]}
          {podIPs: [{ip: 10.0.0.1}]}; {podIPs: [{ip: 10.0.0.2}]};\
           {"podIPs":[{"$patch":"replace"},{"ip":"10.0.0.2"}]}
          {hostIPs: [{ip: 10.0.0.1}]}; {hostIPs: [{ip: 10.0.0.2}]};\
           {"hostIPs":[{"$patch":"replace"},{"ip":"10.0.0.2"}]}
          """)
  void aPatchHasWhatDiffers(String before, String now, String status) {
    Struct patch = StatusPatch.of("1", Yaml.struct(before), Yaml.struct(now));

    assertThat(patch).isNotNull();
    assertThat(patch.struct("metadata").string("uid")).isEqualTo("1");
    assertThat(patch.struct("status").toString()).isEqualTo(status);
  }
}
