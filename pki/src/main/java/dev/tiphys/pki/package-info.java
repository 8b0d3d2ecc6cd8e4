/// Keys and certificates (X.509, RFC 5280): a cluster's own [dev.tiphys.pki.Authority], the
/// [dev.tiphys.pki.Credential]s it vouches for, and their PEM files.
package dev.tiphys.pki;
