/// Version 4 of AWS's signatures, and the keys that requests are signed with. Nothing here reads a
/// clock or reaches a server.
package dev.tiphys.secrets.provider.aws.signing;
