package dev.qmp.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

@Command(name = "image", description = "Image files.", subcommands = ImageInfoCommand.class)
final class ImageCommand extends Subcommand {

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a subcommand of image is missing: info");
    }
}
