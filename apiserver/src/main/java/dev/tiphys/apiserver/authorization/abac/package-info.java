/// Rights that stand in a file: the mode `ABAC`.
package dev.tiphys.apiserver.authorization.abac;
