package dev.tiphys.node.volumes.csi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.csi.Csi.NodeServiceCapability.RPC;
import dev.tiphys.csi.Csi.VolumeCapability.AccessMode.Mode;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.spec.DownwardFields;
import dev.tiphys.node.volumes.VolumeRequest;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What drivers are told of how a volume is to be used, and what the agent does to its files.
class CsiSourceTest {
  private static final Pod POD =
      new Pod(
          Yaml.struct("{metadata: {name: p, uid: u}, spec: {securityContext: {fsGroup: 2000}}}"));

  private static CsiSource source(String mode, String type, String volumeMode) {
    Struct volume =
        Yaml.struct(
            """
            metadata: {name: pv-1}
            spec:
              accessModes: [%s]
              volumeMode: %s
              mountOptions: [noatime]
              csi: {driver: d, volumeHandle: h, fsType: "%s"}
            """
                .formatted(mode, volumeMode, type));
    return CsiSource.of(
        new VolumeRequest(
            new DownwardFields(POD, List.of(), List.of(), Map.of()),
            Yaml.struct("{name: data}"),
            new VolumeRequest.Claimed(Struct.EMPTY, volume)));
  }

  @ParameterizedTest
  @CsvSource({
    "ReadWriteOnce, false, SINGLE_NODE_WRITER",
    "ReadWriteOnce, true, SINGLE_NODE_MULTI_WRITER",
    "ReadWriteOncePod, false, SINGLE_NODE_WRITER",
    "ReadWriteOncePod, true, SINGLE_NODE_SINGLE_WRITER",
    "ReadOnlyMany, false, MULTI_NODE_READER_ONLY",
    "ReadWriteMany, true, MULTI_NODE_MULTI_WRITER"
  })
  void accessModesHaveNamesThatDriversKnow(String mode, boolean finely, Mode expected) {
    Set<RPC.Type> abilities =
        finely ? Set.of(RPC.Type.SINGLE_NODE_MULTI_WRITER) : Set.of(RPC.Type.STAGE_UNSTAGE_VOLUME);
    assertThat(source(mode, "ext4", "Filesystem").capability(abilities).getAccessMode().getMode())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "File, ReadWriteMany, '', Filesystem, true",
    "None, ReadWriteOnce, ext4, Filesystem, false",
    "ReadWriteOnceWithFSType, ReadWriteOnce, ext4, Filesystem, true",
    "ReadWriteOnceWithFSType, ReadWriteOnce, '', Filesystem, false",
    "ReadWriteOnceWithFSType, ReadWriteMany, ext4, Filesystem, false",
    "File, ReadWriteOnce, ext4, Block, false"
  })
  void thePolicySaysWhetherFilesAreGivenToTheGroup(
      String policy, String mode, String type, String volumeMode, boolean expected) {
    assertThat(source(mode, type, volumeMode).sharesFiles(policy)).isEqualTo(expected);
  }

  @Test
  void aDriverThatGivesFilesToTheGroupItselfIsToldOfIt() {
    CsiSource source = source("ReadWriteOnce", "ext4", "Filesystem");
    var told = source.capability(Set.of(RPC.Type.VOLUME_MOUNT_GROUP)).getMount();
    assertThat(told.getVolumeMountGroup()).isEqualTo("2000");
    assertThat(told.getMountFlagsList()).containsExactly("noatime");
    assertThat(source.capability(Set.of()).getMount().getVolumeMountGroup()).isEmpty();
  }
}
