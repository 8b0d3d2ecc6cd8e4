/// The tokens of service accounts: who is given one, and what it proves.
package dev.tiphys.apiserver.authentication.serviceaccount;
