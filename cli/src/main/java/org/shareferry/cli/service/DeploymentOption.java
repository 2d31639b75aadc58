// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.service;

import java.nio.file.Path;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.site.Shell;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The option that says which deployment a command asks, and what stands for it.
@SuppressWarnings("NullAway.Init") // picocli sets the fields before a command runs
public final class DeploymentOption {
    private static final String VARIABLE = "SHAREFERRY_DIR";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--dir",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "Made by shareferry init or demo --dir. Without it, the variable SHAREFERRY_DIR counts, and"
                    + " then the file shareferry.yml of the current folder.")
    private Optional<Path> given = Optional.empty();

    /// @return the deployment
    /// @throws CommandException when the folder or file is not usable
    public Deployment deployment() throws CommandException {
        var folder = named();
        return folder.isPresent()
                ? Deployment.read(folder.get())
                : context().orElseThrow(this::missing).deployment();
    }

    /// @return the folder that was made by `shareferry init`
    /// @throws CommandException when the context has only addresses of services
    public Path folder() throws CommandException {
        return find().orElseThrow(this::missing);
    }

    /// @return the same; empty if nothing names one
    public Optional<Path> find() throws CommandException {
        var folder = named();
        var context = context();
        if (folder.isPresent() || context.isEmpty()) {
            return folder;
        }
        return Optional.of(context.get()
                .folder()
                .orElseThrow(() -> new CommandException(context.get().file()
                        + " has addresses of services; this command needs a folder: name it with --dir.")));
    }

    /// @return the folder that stands for `--dir`, if there is one
    /// @throws CommandException when shareferry.yml is not usable
    public static Optional<Path> standIn() throws CommandException {
        var context = context();
        return variable().isPresent() || context.isEmpty()
                ? variable()
                : context.get().folder();
    }

    /// @return the option as it was given, for commands that are printed; with a space before it
    public String inWords() {
        return given.map(folder -> " --dir " + Shell.word(folder)).orElse("");
    }

    private Optional<Path> named() {
        return given.or(DeploymentOption::variable);
    }

    private static Optional<Path> variable() {
        return Optional.ofNullable(System.getenv(VARIABLE))
                .filter(text -> !text.isBlank())
                .map(Path::of);
    }

    private static Optional<ContextFile> context() {
        return ContextFile.in(Path.of(""));
    }

    private ParameterException missing() {
        return new ParameterException(
                spec.commandLine(),
                "No deployment is named: use --dir DIR, the variable " + VARIABLE + ", or a file " + ContextFile.NAME
                        + " in this folder.");
    }
}
