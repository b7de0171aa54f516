import { Controller, Post, UploadedFile, UseInterceptors } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { CurrentUser } from '@sallyport/nest';

@Controller('uploads')
export class UploadsController {
  @Post()
  @UseInterceptors(FileInterceptor('file'))
  upload(
    @UploadedFile() file: { readonly originalname: string; readonly size: number },
    @CurrentUser('userId') by: string,
  ) {
    return { name: file.originalname, size: file.size, by };
  }
}
