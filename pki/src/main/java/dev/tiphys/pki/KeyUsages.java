package dev.tiphys.pki;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/// What a certificate's key may be used for, by the names that the API has for it: the usages of a
/// CertificateSigningRequest.
final class KeyUsages {

  private static final Map<String, Integer> BASIC =
      Map.ofEntries(
          Map.entry("signing", KeyUsage.digitalSignature),
          Map.entry("digital signature", KeyUsage.digitalSignature),
          Map.entry("content commitment", KeyUsage.nonRepudiation),
          Map.entry("key encipherment", KeyUsage.keyEncipherment),
          Map.entry("key agreement", KeyUsage.keyAgreement),
          Map.entry("data encipherment", KeyUsage.dataEncipherment),
          Map.entry("cert sign", KeyUsage.keyCertSign),
          Map.entry("crl sign", KeyUsage.cRLSign),
          Map.entry("encipher only", KeyUsage.encipherOnly),
          Map.entry("decipher only", KeyUsage.decipherOnly));

  private static final Map<String, KeyPurposeId> EXTENDED =
      Map.ofEntries(
          Map.entry("any", KeyPurposeId.anyExtendedKeyUsage),
          Map.entry("server auth", KeyPurposeId.id_kp_serverAuth),
          Map.entry("client auth", KeyPurposeId.id_kp_clientAuth),
          Map.entry("code signing", KeyPurposeId.id_kp_codeSigning),
          Map.entry("email protection", KeyPurposeId.id_kp_emailProtection),
          Map.entry("s/mime", KeyPurposeId.id_kp_emailProtection),
          Map.entry("ipsec end system", KeyPurposeId.id_kp_ipsecEndSystem),
          Map.entry("ipsec tunnel", KeyPurposeId.id_kp_ipsecTunnel),
          Map.entry("ipsec user", KeyPurposeId.id_kp_ipsecUser),
          Map.entry("timestamping", KeyPurposeId.id_kp_timeStamping),
          Map.entry("ocsp signing", KeyPurposeId.id_kp_OCSPSigning),
          Map.entry("microsoft sgc", KeyPurposeId.id_kp_msSGC),
          Map.entry("netscape sgc", KeyPurposeId.id_kp_nsSGC));

  private final int basic;
  private final List<KeyPurposeId> extended = new ArrayList<>();

  /// @throws IllegalArgumentException if there is no usage of a name
  KeyUsages(List<String> names) {
    int bits = 0;
    List<String> unknown = new ArrayList<>();
    for (String name : names) {
      KeyPurposeId purpose = EXTENDED.get(name);
      if (BASIC.containsKey(name)) {
        bits |= BASIC.get(name);
      } else if (purpose == null) {
        unknown.add(name);
      } else if (!extended.contains(purpose)) {
        extended.add(purpose);
      }
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("unrecognized usage values: " + unknown);
    }
    this.basic = bits;
  }

  /// The bits of the extension `keyUsage`.
  int basic() {
    return basic;
  }

  /// What stands in the extension `extendedKeyUsage`.
  List<KeyPurposeId> extended() {
    return List.copyOf(extended);
  }
}
